# Characters by name in \N escapes.
print("\N{GREEK SMALL LETTER ALPHA}", "\N{BULLET}", ascii("\N{SNOWMAN}"), len("\N{LATIN SMALL LETTER A WITH GRAVE}"))
print(f"\N{EURO SIGN}{1}", "\N{latin small letter e with acute}" == "\xe9", "\N{CJK UNIFIED IDEOGRAPH-4E00}", "\N{HANGUL SYLLABLE GA}")
try:
    eval(r"'\N{NO SUCH NAME}'")
except SyntaxError as error:
    print(error)
