# Module csv over _csv: both directions in every dialect, dialects by name, and what is refused.
import copy
import csv
import gc
import io


def show(make, *args, **kwargs):
    try:
        print(ascii(make(*args, **kwargs)))
    except Exception as error:
        print(type(error).__name__, error)


TEXTS = ['a,b,c', '"a,b",c\r\n', 'a,"b\nc",d\n', 'a,"x""y"', '"a"b,c', "", "\n", "\r\n\r\n", " a, b", "a\\,b", 'a,"b\\"c"', "1,2.5,'x'",
         '"1",2,x', "a\0b", "é,ü,€,\U0001f600", 'open,"', "a\rb", "a;b", ",,", '""', "a,b\\", "a\\\nb,c"]
KINDS = [{}, {"strict": True}, {"quoting": csv.QUOTE_NONE, "escapechar": "\\"}, {"quoting": csv.QUOTE_NONNUMERIC}, {"delimiter": ";"},
         {"doublequote": False, "escapechar": "\\"}, {"skipinitialspace": True}, {"quotechar": "'"}, {"quotechar": None}]
for kind in KINDS:
    print(kind)
    for text in TEXTS:
        show(lambda: list(csv.reader(text.splitlines(True), **kind)))

ROWS = [["a", "b"], ['q"q', "x,y", "z\n"], [""], ["", ""], [None, 1, 2.5, 3j], [], ["back\\slash", "'", " lead"], "text", [True, 10**20]]
for kind in KINDS + [{"quoting": csv.QUOTE_ALL}, {"lineterminator": "!"}, {"quoting": csv.QUOTE_NONE}]:
    print(kind)
    for row in ROWS:
        out = io.StringIO()
        show(lambda: (csv.writer(out, **kind).writerow(row), out.getvalue()))
out = io.StringIO()
print(csv.writer(out).writerows(ROWS), ascii(out.getvalue()))

for bad in ({"delimiter": ""}, {"delimiter": "ab"}, {"delimiter": None}, {"delimiter": 1}, {"quotechar": ""}, {"quotechar": "ab"}, {"quotechar": 1},
            {"escapechar": ""}, {"escapechar": "xx"}, {"escapechar": 4}, {"lineterminator": None}, {"lineterminator": 3}, {"quoting": "x"}, {"quoting": 7},
            {"quoting": 2.0}, {"quoting": 10**30}, {"quotechar": None, "quoting": csv.QUOTE_ALL}, {"nothing": 1}, {"dialect": "unknown"}, {"dialect": 5},
            {"strict": "yes"}):
    show(lambda: list(csv.reader(["a,b"], **bad)))
show(csv.reader)
show(csv.reader, 1)
show(csv.reader, [], "excel", 1)
show(csv.writer)
show(csv.writer, 1)
show(lambda: csv.writer(io.StringIO()).writerow(5))
show(lambda: csv.writer(io.StringIO()).writerows([[1], 5]))
show(lambda: list(csv.reader([b"a"])))
show(lambda: list(csv.reader([1])))
show(lambda: list(csv.reader(["a,b\rc"])))

print(csv.list_dialects())
csv.register_dialect("mine", delimiter="|", quoting=csv.QUOTE_ALL)
mine = csv.get_dialect("mine")
print(mine.delimiter, mine.quoting, mine.escapechar, mine.quotechar, ascii(mine.lineterminator), mine.doublequote, mine.skipinitialspace, mine.strict)
print(list(csv.reader(["a|b"], "mine")), list(csv.reader(["a|b"], mine, quoting=0)), list(csv.reader(["x y"], dialect=type("D", (), {"delimiter": " "}))))
csv.unregister_dialect("mine")
show(csv.get_dialect, "mine")
show(csv.unregister_dialect, "mine")
show(csv.register_dialect, 1)
show(csv.register_dialect)
show(csv.get_dialect)
show(lambda: setattr(mine, "delimiter", "x"))
show(lambda: setattr(mine, "strict", True))
show(copy.copy, mine)

print(csv.field_size_limit(), csv.field_size_limit(5), csv.field_size_limit())
show(lambda: list(csv.reader(["abc,abcdef"])))
show(csv.field_size_limit, "x")
show(csv.field_size_limit, 10**30)
csv.field_size_limit(128 * 1024)
long = "x" * 100000
print(len(next(csv.reader([long + "," + long]))[1]))

lines = csv.reader(["a\n", '"b\n', 'c"\n'])
print([(row, lines.line_num) for row in lines], type(lines), type(csv.writer(out)))

print(gc.is_tracked(mine), gc.is_tracked(lines))
