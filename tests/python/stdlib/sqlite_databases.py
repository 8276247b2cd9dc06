# Package sqlite3: statements, transactions, types, functions, hooks, blobs, whole databases.
import os
import sqlite3
import tempfile


def attempt(label, action, *args, **kwargs):
    try:
        print(label, repr(action(*args, **kwargs)))
    except (sqlite3.Error, sqlite3.Warning) as error:
        code = getattr(error, "sqlite_errorcode", None)
        print(label, type(error).__name__, error, code, getattr(error, "sqlite_errorname", None))
    except Exception as error:
        print(label, type(error).__name__, error)


print(sqlite3.apilevel, sqlite3.paramstyle, sqlite3.threadsafety, sqlite3.version_info)

# Statements, parameters, rows.
db = sqlite3.connect(":memory:")
cursor = db.execute("create table stock (day text, kind text, number integer, price real, note)")
print(cursor.description, cursor.rowcount, cursor.lastrowid)
rows = [("mon", "a", 3, 1.5, None), ("tue", "b", -(2**63), 2.0, b"\x00x"), ("wed", "é", 2**63 - 1, 0.1, "n")]
many = db.executemany("insert into stock values (?, ?, ?, ?, ?)", rows)
print(many.rowcount, db.total_changes, db.in_transaction)
print(list(db.execute("select * from stock order by day")))
print(db.execute("select :kind, :number", {"kind": "k", "number": 7}).fetchone())
cursor.execute("select day, kind as sort from stock order by day")
print(cursor.fetchone(), cursor.fetchmany(), cursor.fetchall(), cursor.fetchone())
print([column[0] for column in cursor.description], cursor.arraysize)
db.commit()
print(db.in_transaction)

# Errors, with SQLite's codes.
for sql, parameters in (
    ("selec", ()),
    ("select ?", ()),
    ("select ?", (1, 2)),
    ("select :x", {}),
    ("select ?", 5),
    ("select ?", (object(),)),
    ("select 1; select 2", ()),
    ("select 1 -- and a comment", ()),
    ("", ()),
    ("select nothing from stock", ()),
):
    attempt(sql, lambda: db.execute(sql, parameters).fetchall())
attempt("many", db.executemany, "select ?", [(1,)])
db.execute("create table only_one (value integer primary key, other unique not null)")
with db:
    db.execute("insert into only_one values (1, 'x')")
try:
    with db:
        db.execute("insert into only_one values (2, 'y')")
        db.execute("insert into only_one values (3, 'x')")
except sqlite3.IntegrityError as error:
    print(error, error.sqlite_errorname)
print(db.execute("select count(*) from only_one").fetchone(), db.in_transaction)

# Isolation levels and scripts.
print(repr(db.isolation_level))
db.isolation_level = "immediate"
print(db.isolation_level)
db.isolation_level = None
db.execute("insert into only_one values (9, 'z')")
print(db.isolation_level, db.in_transaction)
attempt("level", setattr, db, "isolation_level", "never")
db.isolation_level = ""
db.executescript("create table s1 (a); insert into s1 values (1); insert into s1 values (2);")
print(db.execute("select sum(a) from s1").fetchone())

# Rows by name, text factories, row factories.
db.row_factory = sqlite3.Row
row = db.execute("select 1 as One, 'two' as two").fetchone()
print(tuple(row), row["one"], row["TWO"], row[1], row[-1], row[0:1], len(row), row.keys(), list(row))
print(row == db.execute("select 1 as One, 'two' as two").fetchone(), isinstance(row, sqlite3.Row))
attempt("key", lambda: row["three"])
attempt("index", lambda: row[2])
attempt("kind", lambda: row[1.5])
db.row_factory = lambda cursor, row: dict(zip([c[0] for c in cursor.description], row))
print(db.execute("select 1 as a, 2 as b").fetchall())
db.row_factory = None
db.text_factory = bytes
print(db.execute("select 'é'").fetchone())
db.text_factory = lambda raw: raw.decode().upper()
print(db.execute("select 'é'").fetchone())
db.text_factory = str


# Adapters and converters.
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __repr__(self):
        return f"Point({self.x}, {self.y})"

    def __conform__(self, protocol):
        if protocol is sqlite3.PrepareProtocol:
            return f"{self.x};{self.y}"


class Money(int):
    pass


sqlite3.register_converter("point", lambda raw: Point(*map(int, raw.split(b";"))))
sqlite3.register_adapter(Money, lambda money: f"${int(money)}")
typed = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES)
typed.execute("create table places (p point, m)")
typed.execute("insert into places values (?, ?)", (Point(4, -3), Money(5)))
print(typed.execute("select p, m from places").fetchall())
described = typed.execute("select '1;2' as 'x [point]'")
print(described.fetchone(), described.description[0][0])
attempt("adapt", sqlite3.adapt, 5)
print(sqlite3.adapt(Point(1, 2)), sqlite3.adapt(object, None, "alt"))
typed.close()

# Functions, aggregates, windows, collations.
db.create_function("twice", 1, lambda x: None if x is None else x * 2, deterministic=True)
print(db.execute("select twice(4), twice(1.5), twice('ab'), twice(x'6162'), twice(null)").fetchone())
db.create_function("fail", 0, lambda: 1 / 0)
attempt("fail", lambda: db.execute("select fail()").fetchone())


class Product:
    def __init__(self):
        self.value = 1

    def step(self, x):
        self.value *= x

    def finalize(self):
        return self.value


db.create_aggregate("product", 1, Product)
print(db.execute("select product(column1) from (values (2), (3), (7))").fetchone())


class Window:
    def __init__(self):
        self.total = 0

    def step(self, x):
        self.total += x

    def inverse(self, x):
        self.total -= x

    def value(self):
        return self.total

    def finalize(self):
        return self.total


db.create_window_function("moving", 1, Window)
print(db.execute("select moving(column1) over (order by column1 rows between 1 preceding and current row)"
                 " from (values (1), (2), (3), (10))").fetchall())
db.create_collation("backwards", lambda a, b: (a[::-1] > b[::-1]) - (a[::-1] < b[::-1]))
print(db.execute("select column1 from (values ('az'), ('zb'), ('mm')) order by column1 collate backwards").fetchall())

# Hooks.
seen = []
db.set_trace_callback(seen.append)
db.execute("select ?", (5,)).fetchall()
db.set_trace_callback(None)
print(seen)
db.set_authorizer(lambda action, *rest: sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_DELETE else sqlite3.SQLITE_OK)
attempt("denied", db.execute, "delete from stock")
db.set_authorizer(None)
db.set_progress_handler(lambda: 1, 1)
attempt("stopped", lambda: db.execute("select a from s1 order by a").fetchall())
db.set_progress_handler(None, 0)

# Blobs, copies, dumps.
db.execute("create table blobs (b blob)")
db.execute("insert into blobs values (zeroblob(8))")
with db.blobopen("blobs", "b", 1) as blob:
    blob.write(b"hello")
    blob[6] = 33
    blob[-1:] = b"!"
    blob.seek(0)
    print(blob.read(3), blob.tell(), blob[0:8:2], len(blob), blob[1])
    attempt("long", blob.write, b"x" * 20)
    attempt("range", lambda: blob[99])
print(db.execute("select b from blobs").fetchone())
db.commit()
copy = sqlite3.connect(":memory:")
steps = []
db.backup(copy, pages=1000, progress=lambda status, left, total: steps.append((status, left)))
print(copy.execute("select count(*) from stock").fetchone(), steps)
image = copy.serialize()
print(image[:15])
other = sqlite3.connect(":memory:")
other.deserialize(image)
print(other.execute("select count(*) from stock").fetchone())
small = sqlite3.connect(":memory:")
small.executescript("create table t (a, b); insert into t values (1, 'it''s');")
print("\n".join(small.iterdump()))
for connection in (copy, other, small):
    connection.close()
attempt("closed", small.execute, "select 1")

# Files, subclasses.
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "x.db")

    class Own(sqlite3.Connection):
        def cursor(self, *args):
            return super().cursor(OwnCursor)

    class OwnCursor(sqlite3.Cursor):
        def first(self):
            return next(self)[0]

    with sqlite3.connect(path, factory=Own) as own:
        own.execute("create table t (a)")
        own.execute("insert into t values (41)")
    print(own.cursor().execute("select a + 1 from t").first(), type(own.execute("select 1")).__name__)
    own.close()
    read_only = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    attempt("write", read_only.execute, "insert into t values (1)")
    read_only.close()
    attempt("none", sqlite3.connect, "/nonexistent/x.db")
attempt("recursive", lambda: db.execute("select twice(1)").connection is db)
print(sqlite3.complete_statement("select 1;"), sqlite3.complete_statement("select 1"))
print(db.getlimit(sqlite3.SQLITE_LIMIT_COLUMN), db.setlimit(sqlite3.SQLITE_LIMIT_COLUMN, 10))
db.close()
