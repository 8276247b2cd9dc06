import io, sys
class W(io.StringIO):
    def write(self, text):
        if len(self.getvalue()) < 20: super().write("<" + text)
        return len(text)
out = W()
print("hello", "world", file=out)
print(out.getvalue())
class Closing:
    def __str__(self):
        target.close()
        return "x"
target = io.StringIO()
try:
    print(Closing(), file=target)
except ValueError as error:
    print(type(error).__name__, target.closed)
saved = sys.stdout
class Swap:
    def __str__(self):
        sys.stdout = saved
        return "swapped"
sys.stdout = held = io.StringIO()  # held: python3.11 itself does not
print(Swap(), "a")
print("back")
sys.stdout = None
print("nowhere")
sys.stdout = saved
print("done")
class NoWrite: pass
try:
    print(1, file=NoWrite())
except AttributeError as error:
    print(error)
