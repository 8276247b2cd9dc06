table = {n: n for n in range(5)}
try:
    for key in table:
        table[key + 100] = 1
except RuntimeError as error:
    print(error)
table = {n: n for n in range(5)}
try:
    for key in table:
        del table[key]
        table[key + 10] = 1
except RuntimeError as error:
    print(error)
table = {n: n for n in range(5)}
try:
    for key in table.items():
        table.clear()
except RuntimeError as error:
    print(error)
print(table)
