# compare: stderr
# A syntax error as the interpreter shows it, with its caret, through a failing exec.
def show(source):
    import sys
    try:
        exec(source)
    except SyntaxError as error:
        sys.excepthook(type(error), error, None)


show("x = (1 + \n  2 3)")
show("if True\n    pass")
show("  indented = 1")
show("def f(x):\n    return x +\n")
show("a = 'unterminated")
show("f(a=1, 2)")
show("é = 'ü' +* 5")
show("x = {1: 2, 3\ny = 4")
show("def f():\npass")
show("1 + 1 = 2")
show("class C:\n\tx = 1\n        y = 2")
print("shown")
exec("while True print('no colon')")
