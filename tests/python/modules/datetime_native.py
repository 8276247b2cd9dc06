# Module _datetime: what its types accept, give and refuse, with the wording of each error.
import gc
import importlib
import os
import pickle
import sys
import time as clock

import datetime as D
from datetime import date, datetime, time, timedelta, timezone, tzinfo

os.environ["TZ"] = "EST5EDT,M3.2.0,M11.1.0"
clock.tzset()


def show(make):
    try:
        print(ascii(make()))
    except Exception as error:
        print(type(error).__name__, error)


for make in (
    lambda: date(),
    lambda: date(1,2,3,4),
    lambda: date(1,2,x=3),
    lambda: date(1.0,2,3),
    lambda: date(10**10,2,3),
    lambda: date(10**30,1,1),
    lambda: date(-10**10,2,3),
    lambda: date(1,2,3,year=3),
    lambda: date("x"),
    lambda: date(b'1234'),
    lambda: date(b'\x07\xe7\x01\x02'),
    lambda: date('\u07e7\x01\x02a'),
    lambda:date('\x07\xe7\x01\x02'),
    lambda: date.fromordinal(),
    lambda: date.fromordinal(1,2),
    lambda: date.fromordinal('a'),
    lambda: date.fromordinal(0),
    lambda: date.fromordinal(10**8),
    lambda: date.fromtimestamp(),
    lambda: date.fromtimestamp('a'),
    lambda: date.fromtimestamp(float('nan')),
    lambda: date.fromtimestamp(1e30),
    lambda: date.fromtimestamp(10**18),
    lambda: date.fromtimestamp(10**12),
    lambda: date.fromtimestamp(timestamp=1),
    lambda: date.fromisoformat(1),
    lambda: date.fromisoformat('2020'),
    lambda: date.fromisoformat('2020-13-01'),
    lambda: date.fromisoformat(),
    lambda: date.fromisocalendar(2020, 60, 1),
    lambda: date.fromisocalendar(2020, 1, 8),
    lambda: date.fromisocalendar(0,1,1),
    lambda: date.fromisocalendar(10**40,1,1),
    lambda: date.fromisocalendar(2020,1),
    lambda: date.fromisocalendar('a',1,1),
    lambda: date.fromisocalendar(1,1,1),
    lambda: date.fromisocalendar(9999,53,1),
    lambda: date.fromisocalendar(9999,52,7),
    lambda: date(2020,1,1).isocalendar().__reduce__(),
    lambda: type(date(2020,1,1).isocalendar()),
    lambda: type(date(2020,1,1).isocalendar())((1,2,3)),
    lambda: type(date(2020,1,1).isocalendar())(1,2,3),
    lambda: type(date(2020,1,1).isocalendar())(1,2,3,4),
    lambda: type(date(2020,1,1).isocalendar()).__mro__,
    lambda: date(2020,1,1).strftime(),
    lambda: date(2020,1,1).strftime(1),
    lambda: date(2020,1,1).strftime("a\0%Yb"),
    lambda: date(2020,1,1).strftime("a\ud800%Yb"),
    lambda: date(2020,1,1).strftime("%"),
    lambda: date(2020,1,1).strftime("%z|%Z|%f|%%f|%é"),
    lambda: format(date(2020,1,1), 1),
    lambda: date(2020,1,1).__format__(1),
    lambda: date(2020,1,1).__format__(),
    lambda: date(2020,1,1) + timedelta(days=10**9-1),
    lambda: date(2020,1,1)+1,
    lambda: date(2020,1,1) - datetime(2020,1,1),
    lambda: datetime(2020,1,1) - date(2020,1,1),
    lambda: date(2020,1,1) < 1,
    lambda: date(2020,1,1) < datetime(2020,1,1),
    lambda: datetime(2020,1,1) < date(2020,1,1),
    lambda: date(2020,1,1).replace(1,2,3,4),
    lambda: date(2020,1,1).replace(x=1),
    lambda: date(2020,1,1).replace(month=13),
    lambda: timedelta('a'),
    lambda: timedelta(1,2,3,4,5,6,7,8),
    lambda: timedelta(foo=1),
    lambda: timedelta(10**9),
    lambda: timedelta(10**20),
    lambda: timedelta(float('nan')),
    lambda: timedelta(float('inf')),
    lambda: timedelta(1e15),
    lambda: timedelta(1e300),
    lambda: timedelta(1)*10**50,
    lambda: timedelta(1)*1e10,
    lambda: timedelta(1)/0,
    lambda: timedelta(1)//0,
    lambda: timedelta(1)/0.0,
    lambda: timedelta(1)%timedelta(0),
    lambda: divmod(timedelta(1), timedelta(0)),
    lambda: timedelta(1)/timedelta(0),
    lambda: timedelta(1)//timedelta(0),
    lambda: timedelta(1)%1,
    lambda: timedelta(1)*float('nan'),
    lambda: timedelta(1)/float('nan'),
    lambda: timedelta(1)//1.5,
    lambda: timedelta.min*-1,
    lambda: -timedelta.min,
    lambda: timedelta.max+timedelta.resolution,
    lambda: timedelta(0)*10**50,
    lambda: timedelta(1)<1,
    lambda: tzinfo().__reduce__(),
    lambda: tzinfo(1,a=2).utcoffset(None),
    lambda: tzinfo().dst(1),
    lambda: tzinfo().tzname(),
    lambda: tzinfo().fromutc(1),
    lambda: tzinfo().fromutc(datetime(1,1,1)),
    lambda: tzinfo().fromutc(),
    lambda: timezone(),
    lambda: timezone(1),
    lambda: timezone(timedelta(1)),
    lambda: timezone(timedelta(0),1),
    lambda: timezone(timedelta(0),'a',3),
    lambda: timezone(offset=timedelta(0)),
    lambda: timezone.utc.utcoffset(1),
    lambda: timezone.utc.tzname(1),
    lambda: timezone.utc.dst(1),
    lambda: timezone.utc.fromutc(1),
    lambda: timezone.utc.fromutc(datetime(1,1,1)),
    lambda: timezone.utc.__reduce__(),
    lambda: timezone.utc < timezone.utc,
    lambda: timezone.utc.utcoffset(),
    lambda: timezone.min,
    lambda: str(timezone.max),
    lambda: timezone.utc.__getinitargs__(),
    lambda: timezone(timedelta(-1,5,3)),
    lambda: str(timezone(timedelta(-1,5,3))),
    lambda: type('X',(timezone,),{}),
    lambda: time(24),
    lambda: time(1,60),
    lambda: time(1,1,60),
    lambda: time(1,1,1,10**6),
    lambda: time(1,1,1,1,1),
    lambda: time(fold=2),
    lambda: time(1,2,3,4,None,1),
    lambda: time(x=1),
    lambda: time('a'),
    lambda: time(b'123456'),
    lambda: time(b'\x01\x02\x03\x04\x05\x06'),
    lambda: time(b'\x81\x02\x03\x04\x05\x06'),
    lambda: time(b'\x81\x02\x03\x04\x05\x06', 1),
    lambda: time(b'\x81\x02\x03\x04\x05\x06', timezone.utc),
    lambda: time(b'\x81\x02\x03\x04\x05\x06', None),
    lambda: time(b'\x81\x02\x03\x99\x05\x06', None),
    lambda: time('\u0101\x02\x03\x04\x05\x06'),
    lambda: time(1,fold=1,tzinfo=timezone.utc),
    lambda: time(1)<time(2,tzinfo=timezone.utc),
    lambda: time(1)==time(2,tzinfo=timezone.utc),
    lambda: time(1)<1,
    lambda: time(1).isoformat('x'),
    lambda: time(1).isoformat(timespec=1),
    lambda: time(1).isoformat(1,2),
    lambda: time(1).isoformat(timespec='a\0b'),
    lambda: time(1).replace(hour=25),
    lambda: time(1).replace(tzinfo=1),
    lambda: time(1).replace(fold=3),
    lambda: time.fromisoformat(1),
    lambda: time.fromisoformat('25:00'),
    lambda: time.fromisoformat('T10'),
    lambda: time.fromisoformat('10:00:00.1'),
    lambda: time.fromisoformat('10:00:00,123456789+01:02:03.5'),
    lambda: time(1).__reduce_ex__(),
    lambda: time(1).__reduce_ex__('a'),
    lambda: time(1,fold=1).__reduce_ex__(4),
    lambda: time(1,fold=1).__reduce__(),
    lambda: time(1,fold=1,tzinfo=timezone.utc).__reduce__(),
    lambda: time(1).strftime('%Y'),
    lambda: time(1).utcoffset(1),
    lambda: datetime(),
    lambda: datetime(1,1),
    lambda: datetime(2020,1,1,24),
    lambda: datetime(1,1,1,tzinfo=1),
    lambda: datetime(b'1234567890'),
    lambda: datetime(b'\x07\xe7\x81\x02\x01\x01\x01\x01\x01\x01'),
    lambda: datetime(b'\x07\xe7\x81\x02\x01\x01\x01\x01\x01\x01',1),
    lambda: datetime('\x07\xe7\x01\x02\x01\x01\x01\x01\x01\u0101'),
    lambda: datetime('\x07\xe7\x01\x02\x01\x01\x01\x01\x01\x01'),
    lambda: datetime.now(1),
    lambda: datetime.now(1,2),
    lambda: datetime.now(x=1),
    lambda: datetime.utcnow(1),
    lambda: datetime.fromtimestamp(),
    lambda: datetime.fromtimestamp('a'),
    lambda: datetime.fromtimestamp(1,2),
    lambda: datetime.fromtimestamp(1,2,3),
    lambda: datetime.fromtimestamp(10**12),
    lambda: datetime.fromtimestamp(10**17),
    lambda: datetime.fromtimestamp(10**20),
    lambda: datetime.fromtimestamp(float('nan')),
    lambda: datetime.utcfromtimestamp(-10**11),
    lambda: datetime.utcfromtimestamp(),
    lambda: datetime.fromtimestamp(1e20),
    lambda: datetime.fromtimestamp(-62135596801),
    lambda: datetime.strptime('a'),
    lambda: datetime.strptime('a',1),
    lambda: datetime.strptime('a','b'),
    lambda: datetime.combine(1,2),
    lambda: datetime.combine(date(1,1,1),2),
    lambda: datetime.combine(date(1,1,1),time(1),3),
    lambda: datetime.combine(date(1,1,1)),
    lambda: datetime.combine(date=date(1,1,1),time=time(1,fold=1),tzinfo=timezone.utc),
    lambda: datetime.fromisoformat(1),
    lambda: datetime.fromisoformat('2020'),
    lambda: datetime.fromisoformat('2020-01-01x25:00'),
    lambda: datetime.fromisoformat('2020-01-01T10:00+25:00'),
    lambda: datetime.fromisoformat('2020-01-01\ud80010:00'),
    lambda: datetime.fromisoformat('2020-01-01é10:00'),
    lambda: datetime.fromisoformat('2020-01-0é'),
    lambda: datetime.fromisoformat('2020W011T10'),
    lambda: datetime.fromisoformat('é'),
    lambda: datetime(1,1,1)-1,
    lambda: datetime(1,1,1)-timedelta(1),
    lambda: datetime(1,1,1)-datetime(1,1,1,tzinfo=timezone.utc),
    lambda: datetime(1,1,1)<datetime(1,1,1,tzinfo=timezone.utc),
    lambda: datetime(1,1,1)<1,
    lambda: datetime(1,1,1)==date(1,1,1),
    lambda: date(1,1,1)!=datetime(1,1,1),
    lambda: datetime(1,1,1).isoformat('ab'),
    lambda: datetime(1,1,1).isoformat(1),
    lambda: datetime(1,1,1).isoformat(timespec='x'),
    lambda: datetime(1,1,1).isoformat('é','hours'),
    lambda: datetime(1,1,1).isoformat('a','b','c'),
    lambda: datetime(1,1,1).astimezone(1),
    lambda: datetime(1,1,1).astimezone(1,2),
    lambda: datetime(1,1,1).astimezone(),
    lambda: datetime(2020,1,1).astimezone(),
    lambda: datetime(1,1,1).timestamp(),
    lambda: datetime(2020,1,1).replace(tzinfo=1),
    lambda: datetime(2020,1,1).replace(fold=4),
    lambda: datetime(2020,1,1,fold=1).__reduce_ex__(4),
    lambda: datetime(2020,1,1,fold=1,tzinfo=timezone.utc),
    lambda: datetime(1,1,1,tzinfo=timezone(timedelta(1)-timedelta.resolution)).utctimetuple(),
    lambda: datetime(2020,1,1).timetuple(),
    lambda: datetime.max+timedelta(1),
    lambda: D.date.year,
    lambda: setattr(timedelta(1),'days',3),
    lambda: setattr(date(1,1,1),'year',3),
    lambda: setattr(date, 'x', 1),
    lambda: hash(timedelta(1)),
    lambda: date(1,1,1).__class__.__new__(int),
    lambda: date.today(1),
    lambda: date(1,1,1).ctime(1),
):
    show(make)

# Local time: the hour that is shown twice, the hour that is skipped, zones of the past.
for stamp in (1604206800, 1604210400, 1604214000, 1583650800, 1583654400, 0, -10**9, 1e9 + 0.9999995):
    local = datetime.fromtimestamp(stamp)
    print(repr(local), local.timestamp(), local.astimezone(), local.astimezone(timezone.utc))
for fold in (0, 1):
    print(datetime(2020, 3, 8, 2, 30, fold=fold).timestamp(), datetime(2020, 11, 1, 1, 30, fold=fold).timestamp())


class Zone(tzinfo):
    """Turns its clock back on the first of November."""

    def utcoffset(self, moment):
        return timedelta(hours=-5 if moment is None or moment.fold else -4)

    def dst(self, moment):
        return timedelta(hours=0 if moment is None or moment.fold else 1)

    def tzname(self, moment):
        return "Z%e"

    def __repr__(self):
        return "Zone()"


class Moment(datetime):
    def __new__(cls, *args, **kwargs):
        made = super().__new__(cls, *args, **kwargs)
        made.note = "made"
        return made


def zones():
    zone = Zone()
    early = datetime(2020, 11, 1, 1, 30, tzinfo=zone)
    late = early.replace(fold=1)
    print(early == late, hash(early) == hash(late), late - early, early.strftime("%Z %z %f"), early.tzname())
    print(early == early.astimezone(timezone.utc), late.utctimetuple(), early.timetuple().tm_isdst)
    moment = Moment(2020, 1, 2, 3, tzinfo=zone)
    for result in (moment + timedelta(1), moment.replace(day=5), moment.astimezone(timezone.utc), Moment.combine(date(1, 2, 3), time(4, fold=1)),
                   Moment.fromisoformat("2020-02-03T04:05:06.7+01:30"), Moment.fromtimestamp(1604214000)):
        print(type(result).__name__, getattr(result, "note", None), repr(result))
    for value in (moment, early, late, time(1, 2, 3, 4, zone, fold=1), date(1, 2, 3), timedelta(-1, 2, 3), timezone.utc, timezone(timedelta(1, -1), "n")):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            copy = pickle.loads(pickle.dumps(value, protocol)) if value is not moment else value
            print(repr(copy) == repr(value).replace(", fold=1", "" if protocol < 4 else ", fold=1"), end=" ")
    print()
    print([sys.getsizeof(x) for x in (date(1, 1, 1), time(), datetime(1, 1, 1), early, timedelta(), timezone.utc)])
    print([gc.is_tracked(x) for x in (date(1, 1, 1), early, moment, zone, timezone.utc)])


zones()
fields = [f"{D.date(y, m, d):%Y %j %a}|{tuple(D.date(y, m, d).isocalendar())}" for y in (1, 4, 100, 400, 1999, 2000, 2024, 9999) for m, d in ((1, 1), (2, 28), (3, 1), (12, 31))]
print(fields)
print([date.fromordinal(n) for n in (1, 365, 366, 1461, 146097, 146098, 3652059)])

old = sys.modules.pop("_datetime")
again = importlib.import_module("_datetime")
print(again is old, again.date is old.date, again.UTC is old.UTC)
