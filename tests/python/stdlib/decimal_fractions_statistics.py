# decimal, fractions, statistics: exact numbers and summaries.
import statistics
from decimal import (ROUND_HALF_EVEN, ROUND_UP, Context, Decimal, DivisionByZero, InvalidOperation, getcontext,
                     localcontext)
from fractions import Fraction

print(Decimal("1.10") + Decimal("2.2"), Decimal(1) / 3, Decimal("0.1") * 3 == Decimal("0.3"), Decimal(0.5), Decimal("NaN"))
print(Decimal("2").sqrt(), Decimal(2) ** 100, Decimal("1e50").ln(), Decimal(1).exp(), Decimal("7.325").quantize(Decimal(".01")))
print(Decimal("7.321").quantize(Decimal("1.0"), ROUND_UP), Decimal("-3.5").to_integral_value(), divmod(Decimal(-7), 2))
print(f"{Decimal('1234567.891'):,.2f}", format(Decimal("0.00001"), "e"), Decimal("1E+3").normalize(), str(Decimal("1e-7")))
print(Decimal("1.25").as_tuple(), Decimal("3.14").as_integer_ratio(), hash(Decimal("2.0")) == hash(2), Decimal("10").adjusted())
with localcontext() as context:
    context.prec = 5
    print(Decimal(1) / 7, context.prec, context.rounding)
    context.traps[DivisionByZero] = False
    print(Decimal(1) / 0)
for text in ("abc", "1/0"):
    try:
        print(Decimal(text))
    except InvalidOperation as error:
        print(type(error).__name__)
try:
    Decimal(1) / 0
except ZeroDivisionError as error:
    print(type(error).__name__)
print(sorted([Decimal("3"), Decimal("1.5"), Decimal("-2")]), max(Decimal(1), 2), sum([Decimal("0.1")] * 10), getcontext().prec)
print(Context(prec=3, rounding=ROUND_HALF_EVEN).create_decimal("2.345"))

print(Fraction(3, -6), Fraction("1.25"), Fraction(0.5), Fraction("2/3") + 1, Fraction(1, 3) ** -2, Fraction(7, 3) // 1)
print(Fraction(3.141592653589793).limit_denominator(1000), round(Fraction(7, 2)), float(Fraction(1, 3)), Fraction(1, 2) < 0.6)
print(repr(Fraction(Decimal("0.1"))), hash(Fraction(1, 2)) == hash(0.5), Fraction(5, 2).__floor__())
try:
    Fraction(1, 0)
except ZeroDivisionError as error:
    print(error)

data = [1.5, 2.5, 2.5, 2.75, 3.25, 4.75]
print(statistics.mean(data), statistics.median(data), statistics.mode(data), statistics.stdev(data), statistics.pvariance(data))
print(statistics.quantiles(data, n=4), statistics.fmean([1, 2, 3]), statistics.harmonic_mean([40, 60]), statistics.multimode("aabbc"))
print(statistics.mean([Fraction(1, 2), Fraction(1, 3)]), statistics.median_low([1, 2, 3, 4]), statistics.geometric_mean([54, 24, 36]))
print(statistics.linear_regression([1, 2, 3], [2, 4, 6]), statistics.correlation([1, 2, 3], [3, 2, 1]))
normal = statistics.NormalDist(100, 15)
print(normal.cdf(115), normal.inv_cdf(0.5), normal + 5, normal.zscore(130))
try:
    statistics.mean([])
except statistics.StatisticsError as error:
    print(error)
