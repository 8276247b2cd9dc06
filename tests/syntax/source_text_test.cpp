// Decoding: byte order mark, coding cookie, bytes that are not UTF-8.
#include "syntax/source_text.h"

#include <gtest/gtest.h>

#include "syntax/parse_helpers.h"

namespace ouro::syntax {
namespace {

using testing::error_of;
using testing::tree_of;

ParseOptions from(SourceKind source) {
  ParseOptions options;
  options.source = source;
  options.filename = "a.py";
  return options;
}

TEST(SourceText, HonoursACodingCookie) {
  EXPECT_NE(tree_of("# coding: latin-1\n'\xe9'\n", from(SourceKind::Bytes)).find("value='é'"),
            std::string::npos);
  EXPECT_NE(
      tree_of("\n# -*- coding: Latin_1 -*-\n'\xe9'\n", from(SourceKind::File)).find("value='é'"),
      std::string::npos);
  EXPECT_EQ(error_of("x\n# coding: latin-1\n", from(SourceKind::Bytes)), "ok");
}

TEST(SourceText, RefusesAnEncodingItDoesNotKnow) {
  EXPECT_EQ(error_of("# coding: foo\n", from(SourceKind::Bytes)),
            "unknown encoding: foo @0:-1-0:-1");
  EXPECT_EQ(error_of("# coding: foo\n", from(SourceKind::File)),
            "encoding problem: foo @0:-1-0:-1");
  EXPECT_EQ(error_of("\xEF\xBB\xBF# coding: latin-1\n", from(SourceKind::Bytes)),
            "encoding problem: iso-8859-1 with BOM @0:-1-0:-1");
  EXPECT_EQ(error_of("# coding: foo\n"), "ok");
}

TEST(SourceText, SaysWhereAFileStopsBeingUtf8) {
  EXPECT_EQ(
      error_of("x = 1\ny = '\xff'\n", from(SourceKind::File)),
      "Non-UTF-8 code starting with '\\xff' in file a.py on line 2, but no encoding declared; see "
      "https://peps.python.org/pep-0263/ for details @0:-1-0:-1");
  EXPECT_EQ(
      error_of("# coding: utf-8\ny = '\xff'\n", from(SourceKind::File)),
      "(unicode error) 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte "
      "@2:6-2:6");
}

TEST(SourceText, RefusesNullBytesInAString) {
  ParseResult result = testing::parse_text(std::string_view("x\0y", 3));
  ASSERT_TRUE(result.failure);
  EXPECT_EQ(result.failure->kind, FailureKind::ValueError);
  EXPECT_EQ(result.failure->message, "source code string cannot contain null bytes");
}

TEST(SourceText, TakesAnyLineEnd) {
  std::string unix_tree = tree_of("if x:\n  y\nz\n", {}, true);
  EXPECT_EQ(tree_of("if x:\r\n  y\r\nz\r\n", {}, true), unix_tree);
  EXPECT_EQ(tree_of("if x:\r  y\rz", {}, true), unix_tree);
}

TEST(SourceText, FindsTheEndOfValidUtf8) {
  EXPECT_EQ(valid_utf8_prefix("aé€😀", false), 10U);
  EXPECT_EQ(valid_utf8_prefix("a\xC0\x80", false), 1U);
  EXPECT_EQ(valid_utf8_prefix("\xED\xA0\x80", false), 0U);
  EXPECT_EQ(valid_utf8_prefix("\xED\xA0\x80", true), 3U);
  EXPECT_EQ(valid_utf8_prefix("\xF4\x90\x80\x80", true), 0U);
}

}  // namespace
}  // namespace ouro::syntax
