# difflib, textwrap, pprint, string: text compared, wrapped and laid out.
import difflib
import pprint
import string
import textwrap

one = "one\ntwo\nthree\nfour\n".splitlines(True)
two = "one\ntoo\nthree\nfive\nfour\n".splitlines(True)
print("".join(difflib.unified_diff(one, two, "a", "b", n=1)))
print("".join(difflib.context_diff(one, two, "a", "b")))
print("".join(difflib.ndiff(one, two)))
matcher = difflib.SequenceMatcher(None, "private Thread currentThread;", "private volatile Thread currentThread;")
print(round(matcher.ratio(), 4), matcher.get_opcodes(), matcher.find_longest_match())
print(difflib.get_close_matches("appel", ["ape", "apple", "peach", "puppy"]))
print(list(difflib.restore(difflib.ndiff(one, two), 2)))
print(len(difflib.HtmlDiff().make_table(one, two)) > 500)

text = "The quick brown fox jumps over the lazy dog; a very-long-hyphenated-word and aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
print(textwrap.fill(text, 30, initial_indent="* ", subsequent_indent="  "))
print(textwrap.wrap(text, 20, break_long_words=False, break_on_hyphens=False))
print(textwrap.shorten(text, 40, placeholder=" ..."))
print(repr(textwrap.dedent("    a\n      b\n\n    c\n")), repr(textwrap.indent("a\n\nb\n", "> ")))

deep = {"list": list(range(25)), "nested": {"a": ["x" * 30, "y" * 30], "b": (1,)}, "set": {3, 1, 2}, "text": text}
pprint.pprint(deep, width=60)
pprint.pprint(deep, width=60, depth=1, compact=True)
print(pprint.pformat([[1, [2, [3]]]], depth=2), pprint.isreadable(deep), pprint.saferepr({2: 1, 1: 2}))
loop = [1]
loop.append(loop)
print(pprint.isrecursive(loop))
pprint.pp({"b": 1, "a": 2})

print(string.Template("$who likes ${what}; $$5").substitute(who="tim", what="kung pao"))
print(string.Template("$a $b").safe_substitute(a=1))
try:
    string.Template("$a $!").substitute(a=1)
except ValueError as error:
    print(error)
print(string.capwords("hello  big world"), string.ascii_letters, string.punctuation, string.hexdigits)


class Shouting(string.Formatter):
    def get_value(self, key, args, kwargs):
        return str(super().get_value(key, args, kwargs)).upper()


print(Shouting().format("{0} and {name:>6} {0!r}", "a", name="bob"), list(string.Formatter().parse("a{b!r:c}d")))
