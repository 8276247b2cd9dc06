# fractions, decimal, statistics.
from fractions import Fraction
import decimal
import statistics

print(Fraction(3, 6), Fraction("0.125"), Fraction(0.5) + 1, Fraction(1, 3) * 3 == 1, Fraction(22, 7).limit_denominator(5), Fraction(-7, 2) // 1, divmod(Fraction(7, 2), 2), float(Fraction(1, 4)), hash(Fraction(2)) == hash(2), round(Fraction(5, 2)), Fraction(3.14159).limit_denominator(100))
D = decimal.Decimal
print(D("0.1") + D("0.2"), D(1) / D(7), D("1e3"), D("2").sqrt(), D("1.005").quantize(D("0.01")), D("-3.7").to_integral_value(), D("NaN").is_nan(), D(10) % 3, D("123.456").as_tuple(), format(D("1234567.891"), ",.2f"))
with decimal.localcontext() as context:
    context.prec = 5
    print(D(1) / 3, context.rounding)
try:
    D(1) / 0
except decimal.DivisionByZero as error:
    print(type(error).__name__)
data = [2, 4, 4, 4, 5, 5, 7, 9]
print(statistics.mean(data), statistics.median(data), statistics.pstdev(data), statistics.mode(data), statistics.quantiles(data, n=4), statistics.variance(data), statistics.fmean(data), statistics.multimode("aabb"), statistics.harmonic_mean([40, 60]))
try:
    statistics.mean([])
except statistics.StatisticsError as error:
    print(error)
