# xml.etree, xml.dom.minidom, xml.sax, pyexpat.
import io
import xml.dom.minidom
import xml.etree.ElementTree as ET
import xml.parsers.expat
import xml.sax

text = """<?xml version="1.0"?>
<!-- top --><data xmlns:n="urn:n"><country name="A"><rank>1</rank><n:x/>tail</country>
<country name="B"><rank updated="yes">2</rank></country><![CDATA[<raw>]]>&amp;</data>"""
root = ET.fromstring(text)
print(root.tag, [child.attrib for child in root], root.find("country/rank").text, root[0].find("{urn:n}x").tail)
print([e.text for e in root.iter("rank")], root.findall("./country[@name='B']/rank")[0].get("updated"), root.findtext("nope", "default"))
print(len(root), ["".join(root.itertext())], root.find("country[rank='2']").get("name"))
new = ET.SubElement(root, "country", name="C", extra='<"&>')
new.text = "é < &"
ET.SubElement(new, "empty")
root.remove(root[0])
print(ET.tostring(root, encoding="unicode"))
print(ET.tostring(new), ET.tostring(new, "utf-8", xml_declaration=True, short_empty_elements=False))
ET.indent(root)
ET.dump(root)
for event, element in ET.iterparse(io.StringIO(text), events=("start", "end", "start-ns")):
    print(event, element if event == "start-ns" else element.tag, end="; ")
print()
tree = ET.ElementTree(new)
out = io.BytesIO()
tree.write(out, encoding="us-ascii", xml_declaration=True)
print(out.getvalue(), tree.getroot() is new)
for bad in ("<a>", "<a></b>", "<a b=1/>", "", "<a>&x;</a>", "<a/><b/>"):
    try:
        ET.fromstring(bad)
    except ET.ParseError as error:
        print(error, error.code, error.position)
parser = ET.XMLPullParser(["end"])
parser.feed("<a><b/>")
print([element.tag for _, element in parser.read_events()])
parser.feed("</a>")
print([element.tag for _, element in parser.read_events()], ET.canonicalize("<a  z='1' b='2'></a>"))

document = xml.dom.minidom.parseString(text)
print(document.documentElement.tagName, [n.getAttribute("name") for n in document.getElementsByTagName("country")])
element = document.createElement("added")
element.appendChild(document.createTextNode("<t>"))
document.documentElement.appendChild(element)
print(document.documentElement.lastChild.toxml(), document.documentElement.childNodes[0].toprettyxml(indent=" "))


class Counter(xml.sax.ContentHandler):
    def startDocument(self):
        print("begin")

    def startElement(self, name, attributes):
        print("<", name, dict(attributes))

    def characters(self, content):
        print("chars", repr(content))

    def endElement(self, name):
        print(">", name)


xml.sax.parseString(b"<a x='1'>text<b/></a>", Counter())
try:
    xml.sax.parseString(b"<a>", Counter())
except xml.sax.SAXParseException as error:
    print(error.getMessage(), error.getLineNumber(), error.getColumnNumber())
expat = xml.parsers.expat.ParserCreate(namespace_separator=" ")
expat.buffer_text = True
expat.ordered_attributes = True
expat.StartElementHandler = lambda name, attributes: print("start", name, attributes, expat.CurrentLineNumber)
expat.CharacterDataHandler = lambda data: print("data", repr(data))
expat.ProcessingInstructionHandler = print
expat.EntityDeclHandler = lambda *details: print("entity", details)
expat.Parse("<!DOCTYPE d [<!ENTITY e 'value'>]>\n<d xmlns='u' a='1' b='2'><?go now?>x\n&e;</d>", True)


def fails(*arguments):
    raise LookupError("in a handler")


expat = xml.parsers.expat.ParserCreate()
expat.StartElementHandler = fails
try:
    expat.Parse("<a><b/></a>", True)
except LookupError as error:
    print(error)
try:
    expat.Parse("more", True)
except xml.parsers.expat.ExpatError as error:
    print(error, error.code, xml.parsers.expat.ErrorString(error.code))
