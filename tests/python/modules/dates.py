# datetime
import datetime as dt
d = dt.date(2024, 2, 29); print(d, d.isoformat(), d.weekday(), d + dt.timedelta(days=1), d.replace(year=2023, day=1), (dt.date(2025, 1, 1) - d).days, d.strftime("%Y/%m/%d %j"), dt.date.fromisoformat("2020-01-02"))
t = dt.datetime(2024, 1, 2, 3, 4, 5, 6, tzinfo=dt.timezone.utc); print(repr(t), t.isoformat(), t.timestamp(), t.astimezone(dt.timezone(dt.timedelta(hours=2))), dt.timedelta(1.5, 3), dt.datetime.strptime("2024-05", "%Y-%m"))
