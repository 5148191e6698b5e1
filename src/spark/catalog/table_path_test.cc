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

}  // namespace
}  // namespace deltic::spark::catalog
