# f-strings: conversions, formats, nesting, debugging form, quoting.
name, value, width = "Ouro", 3.14159, 10
print(f"{name} {value} {1 + 1}", f"{name!r} {name!s} {'é'!a}")
print(f"[{name:>{width}}] [{name:<10}] [{name:^{width}}] [{name:*^10}]")
print(f"{value:.2f} {value:{width}.{3}} {value:e} {value:g} {value!r:>12}")
print(f"{42:d} {42:b} {42:#x} {42:08o} {42:+} {1234567:,} {1234567:_} {42:c}")
print(f"{name=} {value = :.1f} {1 + 2=} {name=!s}")
print(f"{{}} {{{name}}} {'nested ' + f'{name}'}")
print(f'{"quoted"} {name[1:3]} {name[-1:]}')
print(f"{(lambda x: x * 2)(4)} {[i for i in range(3)]} { {'a': 1}['a'] } {{'a'}}")
print(f"{name}" "plain" f"{value:.0f}" 'tail')
print(f"""multi
{name
}
line {
  value:.1f}""")
print(rf"raw \n {name}\t", f"\t{name}\x41")


class Formatted:
    def __format__(self, spec): return f"<{spec}>"
    def __str__(self): return "str"
    def __repr__(self): return "repr"


f = Formatted()
print(f"{f} {f:spec} {f!s} {f!r:>8} {f=} {f=:x} {f!s:^9}|")
print(f"{None} {True} {[1, 'a']} {(1,)} {b'x'}", f"", f"{''}")
print(f"{0.1:.20f} {1e100:.3} {float('nan'):>5} {float('-inf'):05}")
print(f"{12345.678:,.1f} {0.5:%} {-5:05d} {5: d} {-0.0:z.1f}")
print(f"{3 + 4j:.1f} {'text':.2} {'text':5.1}|")
for bad in ("f'{1:s}'", "f'{\"x\":d}'", "f'{[]:5}'", "f'{1.5:d}'", "f'{3:.2d}'", "f'{\"s\":=5}'", "f'{1:,_}'"):
    try:
        print(eval(bad))
    except (ValueError, TypeError) as error:
        print(bad, type(error).__name__, error)
print("%s %r %d %5.2f %x %-5s| %+d %% %c %o" % ("a", "b", 3, 2.5, 255, "l", 7, "z", 8))
print("%(k)s %(n)03d" % {"k": "v", "n": 7}, "%s" % (1,), "%s" % [1], "%*d" % (5, 3))
print("{0} {1} {k} {0[1]} {k.real}".format("xy", 2, k=3))
print("{:>{w}} {!r}".format("a", "b", w=4), "{{}}".format())
