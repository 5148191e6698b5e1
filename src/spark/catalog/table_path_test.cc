#include "spark/catalog/table_path.h"

#include <gtest/gtest.h>

namespace deltic::spark::catalog {
namespace {

TEST(PathTimeTravel, ReadsDeltaPathSyntax) {
  EXPECT_EQ(SplitPathTimeTravel("/t@v12").path, "/t");
  EXPECT_EQ(SplitPathTimeTravel("/t@v12").version, 12);
  EXPECT_EQ(SplitPathTimeTravel("/t@20190101000000000").timestamp, "2019-01-01 00:00:00.000");
}

TEST(PathTimeTravel, LeavesOtherAtSignsAlone) {
  EXPECT_EQ(SplitPathTimeTravel("/user@host/t").path, "/user@host/t");
  EXPECT_EQ(SplitPathTimeTravel("/t@v").path, "/t@v");
  EXPECT_EQ(SplitPathTimeTravel("/t@2019").path, "/t@2019");
}

TEST(QualifyPath, MapsStandInsAndMakesAbsolute) {
  session::ServerState server;
  server.server_conf = std::make_shared<std::map<std::string, std::string>>(
      std::map<std::string, std::string>{{"spark.deltic.storage.standIn.warehouse", "/data/wh"}});
  session::Session session(&server, "u", "s");
  EXPECT_EQ(*QualifyPath(&session, "s3a://warehouse/a/b"), "/data/wh/a/b");
  EXPECT_EQ(*QualifyPath(&session, "file:///x/y/"), "/x/y");
  EXPECT_EQ(*QualifyPath(&session, "s3a://other/a"), "s3a://other/a");
  EXPECT_EQ((*QualifyPath(&session, "relative"))[0], '/');
  EXPECT_FALSE(QualifyPath(&session, "").ok());
}

TEST(QualifyPath, LoginsAreRefusedAndNotShown) {
  session::ServerState server;
  server.server_conf = std::make_shared<std::map<std::string, std::string>>();
  session::Session session(&server, "u", "s");
  for (const char* path :
       {"s3a://KEY:SEC@bucket/t", "s3://KEY@bucket/t", "s3n://KEY:SE/C+R@bucket/t", "s3a://KEY:SEC/RET/t"}) {
    const Status refused = QualifyPath(&session, path).status();
    EXPECT_EQ(refused.condition(), "IO_ERROR") << path;
    const std::string text = refused.ToString();
    EXPECT_NE(text.find("contains login details"), std::string::npos) << text;
    EXPECT_EQ(text.find("KEY"), std::string::npos) << text;
    EXPECT_EQ(text.find("SE"), std::string::npos) << text;
  }
  EXPECT_EQ(*QualifyPath(&session, "s3a://bucket/t@v1"), "s3a://bucket/t@v1");
  EXPECT_EQ(*QualifyPath(&session, "s3a://bucket/a:b@c"), "s3a://bucket/a:b@c");
}

}  // namespace
}  // namespace deltic::spark::catalog
