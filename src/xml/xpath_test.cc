#include "xml/xpath.h"

#include <gtest/gtest.h>

namespace deltic::xml {
namespace {

std::string TextOf(std::string_view document, const std::string& path) {
  const XPathValue value = EvaluateXPath(document, path, XPathResult::kText);
  return value.failure ? "failed: " + value.failure->detail : value.text;
}

TEST(XPath, StartsAtTheDocument) {
  EXPECT_EQ(TextOf("<a><b>x</b></a>", "a/b"), "x");
  EXPECT_EQ(TextOf("<a><b>x</b></a>", "/a/b"), "x");
  EXPECT_EQ(TextOf("<a xmlns='u'><b>x</b></a>", "a/b"), "x");
}

TEST(XPath, SaysWhatIsWrong) {
  using Kind = XPathFailure::Kind;
  EXPECT_EQ(EvaluateXPath("<a>", "a", XPathResult::kText).failure->kind, Kind::kBadDocument);
  EXPECT_EQ(EvaluateXPath("<a/>", "a[", XPathResult::kText).failure->kind, Kind::kBadPath);
  EXPECT_EQ(EvaluateXPath("<a/>", "count(a)", XPathResult::kNodes).failure->kind, Kind::kNotNodes);
}

TEST(XPath, NeverReadsFiles) {
  const std::string document = "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>";
  EXPECT_EQ(TextOf(document, "a").find("root:"), std::string::npos);
}

TEST(XPath, BoundsTheExpansionOfEntities) {
  std::string document = "<!DOCTYPE a [<!ENTITY e0 '0123456789'>";
  for (int i = 1; i < 12; i++) {
    document += "<!ENTITY e" + std::to_string(i) + " '";
    for (int k = 0; k < 10; k++) document += "&e" + std::to_string(i - 1) + ";";
    document += "'>";
  }
  document += "]><a>&e11;</a>";
  EXPECT_TRUE(EvaluateXPath(document, "a", XPathResult::kText).failure.has_value());
}

}  // namespace
}  // namespace deltic::xml
