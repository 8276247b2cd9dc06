# csv, datetime, calendar, configparser, zoneinfo.
import calendar
import configparser
import csv
import datetime as dt
import io

rows = list(csv.reader(io.StringIO('a,"b ""q"" c",3\r\n\'x\',,"multi\nline"\r\n'), quotechar='"'))
print(rows)
out = io.StringIO()
writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_NONNUMERIC)
writer.writerow(["a", 1, 2.5, None, 'q"q', "x;y"])
writer.writerows([[1], ["b"]])
print(repr(out.getvalue()))
out = io.StringIO()
table = csv.DictWriter(out, ["name", "age"], extrasaction="ignore", restval="?")
table.writeheader()
table.writerow({"name": "ann", "other": 1})
print(repr(out.getvalue()), list(csv.DictReader(io.StringIO("k,v\n1,2\n3,4,5\n"))))
print(csv.Sniffer().sniff("a;b;c\n1;2;3\n").delimiter, sorted(csv.list_dialects()))
for action in (lambda: list(csv.reader(["a"], delimiter="ab")), lambda: csv.writer(io.StringIO(), quoting=csv.QUOTE_NONE).writerow(['a,b']),
               lambda: list(csv.reader(['"a" b'], strict=True)), lambda: csv.get_dialect("none")):
    try:
        action()
    except (csv.Error, TypeError) as error:
        print(type(error).__name__, error)

day = dt.date(2024, 2, 29)
moment = dt.datetime(2024, 2, 29, 13, 14, 15, 678, dt.timezone(dt.timedelta(hours=5, minutes=30), "IST"))
print(day, repr(day), day.isocalendar(), day.strftime("%A %d %B %Y %j"), day + dt.timedelta(365), day.replace(day=1).weekday())
print(moment, repr(moment), moment.isoformat(timespec="milliseconds"), moment.utctimetuple()[:6], moment.astimezone(dt.timezone.utc))
print(dt.datetime.fromisoformat("2011-11-04T00:05:23+04:00"), dt.datetime.strptime("3 Jan 99 05PM", "%d %b %y %I%p"), moment.timestamp())
print(dt.timedelta(days=1.5, hours=-2), dt.timedelta(seconds=-1), abs(dt.timedelta(-3)) / dt.timedelta(hours=1), divmod(dt.timedelta(1), dt.timedelta(hours=5)))
print(dt.time(1, 2, 3).isoformat(), dt.datetime.min, dt.date.max - day, moment - moment.replace(hour=0), sorted([day, dt.date(2000, 1, 1)])[0])
for action in (lambda: dt.date(2023, 2, 29), lambda: dt.date.fromisoformat("x"), lambda: moment < dt.datetime(2024, 1, 1), lambda: day < 5,
               lambda: dt.datetime.max + dt.timedelta(1)):
    try:
        action()
    except (ValueError, TypeError, OverflowError) as error:
        print(type(error).__name__, error)
import copy
import pickle

print(pickle.loads(pickle.dumps(moment)) == moment, copy.copy(day) is not None, hash(day) == hash(dt.date(2024, 2, 29)))
print(calendar.month(2024, 2), calendar.isleap(2100), calendar.monthrange(2024, 2), calendar.timegm((1970, 1, 2, 0, 0, 0)))
parser = configparser.ConfigParser(interpolation=configparser.ExtendedInterpolation())
parser.read_string("[a]\nx = 1\ny = ${x}2\n[b]\nflag: yes\nlist =\n  1\n  2\n")
print(parser["a"]["y"], parser.getboolean("b", "flag"), repr(parser["b"]["list"]), parser.sections(), parser.get("a", "z", fallback="none"))
try:
    parser.get("c", "x")
except configparser.NoSectionError as error:
    print(error)
