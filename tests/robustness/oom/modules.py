"""Standard library modules written in Python and native ones."""
import collections
import functools
import io
import itertools
import math
import re
import struct


def main():
    print(collections.Counter("abracadabra").most_common(2), collections.OrderedDict(a=1))
    Point = collections.namedtuple("Point", "x y")
    print(Point(1, 2)._replace(y=5), Point._fields)
    queue = collections.deque(range(100), maxlen=70)
    queue.rotate(3)
    queue.appendleft(1)
    print(list(queue)[:3], collections.defaultdict(list, a=[1])["q"])

    @functools.lru_cache(maxsize=None)
    def fib(n):
        return n if n < 2 else fib(n - 1) + fib(n - 2)
    print(fib(30), functools.reduce(lambda a, b: a * b, range(1, 25)))
    print(list(itertools.permutations("abc", 2))[:3], list(itertools.chain([1], (2,))), list(itertools.islice(itertools.count(), 3)),
          [list(group) for _, group in itertools.groupby("aabbb")], list(itertools.product("ab", repeat=2))[-1])
    print(re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"), re.findall(r"(?i)[a-c]+|\d{2,}", "ABx123"), re.match("(?P<n>.)*?b", "aab").groupdict())
    out = io.StringIO()
    print("text", file=out)
    out.write("é" * 20)
    print(out.getvalue(), io.BytesIO(b"ab\ncd").readlines(), struct.pack(">I3sd", 7, b"abc", 1.5), struct.unpack("<hh", b"abcd"))
    print(math.factorial(30), math.comb(20, 7), math.isqrt(10 ** 20), math.fsum([0.1] * 10))


main()
