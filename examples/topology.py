"""Draws what an object refers to, with objgraph: topology.dot and topology.png in the working folder."""
import objgraph

x = [1, 2, 3]
y = [x, dict(key1=x)]
z = [y, (x, y)]

objgraph.show_refs([z], filename="topology.dot")

with open("topology.dot") as file:
    dot = file.read()
print("arrows:", dot.count(" -> "))

objgraph.show_refs([z], filename="topology.png")
