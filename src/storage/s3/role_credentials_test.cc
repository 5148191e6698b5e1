// Answers as AWS documents them: STS AssumeRoleWithWebIdentity, "Container credential provider", "Instance Metadata
// Service Version 2".
#include "storage/s3/role_credentials.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "storage/testing/scripted_http.h"

namespace deltic::storage::s3 {
namespace {

using testing::ScriptedHttp;
using Failure = HttpResponse::Failure;

constexpr int64_t kNowMicros = 1'714'564'800'000'000;  // 2024-05-01T12:00:00Z
constexpr char kJson[] =
    R"({"Code":"Success","AccessKeyId":"A","SecretAccessKey":"S","Token":"T","Expiration":"2024-05-01T13:00:00Z"})";
const Credentials kExpected{"A", "S", "T"};

RoleOptions Machine() {
  RoleOptions role;
  role.instance_endpoint = "http://169.254.169.254";
  return role;
}

TEST(RoleCredentials, OfAMachine) {
  std::vector<std::string> tokens;
  const auto look = [&](const std::string& body) {
    return [&tokens, body](const HttpRequest& request) {
      for (const auto& [name, value] : request.headers) {
        if (name == "x-aws-ec2-metadata-token") tokens.push_back(value);
      }
      return ScriptedHttp::Status(200, body)(request);
    };
  };
  auto http =
      std::make_shared<ScriptedHttp>(std::vector<ScriptedHttp::Answer>{look("token"), look("my role"), look(kJson)});
  ManualClock clock{kNowMicros};
  RoleCredentials roles(http, &clock);
  EXPECT_EQ(roles.Get(Machine()).value(), kExpected);
  EXPECT_EQ(roles.Get(Machine()).value(), kExpected);
  EXPECT_EQ(http->asked(), (std::vector<std::string>{
                               "PUT http://169.254.169.254/latest/api/token",
                               "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/",
                               "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/my%20role"}))
      << "asked once";
  EXPECT_EQ(tokens, (std::vector<std::string>{"token", "token"}));
}

TEST(RoleCredentials, AreAskedForBeforeTheyExpire) {
  auto http = std::make_shared<ScriptedHttp>(std::vector<ScriptedHttp::Answer>{
      ScriptedHttp::Status(200, kJson), ScriptedHttp::Broken(Failure::kNotSent),
      ScriptedHttp::Status(200, R"({"AccessKeyId":"B","SecretAccessKey":"S","Expiration":"2024-05-01T14:00:00Z"})")});
  ManualClock clock{kNowMicros};
  RoleCredentials roles(http, &clock);
  RoleOptions role;
  role.container_url = "http://169.254.170.2/x";
  EXPECT_EQ(roles.Get(role).value(), kExpected);
  clock.AdvanceMicros(57LL * 60 * 1'000'000);
  EXPECT_EQ(roles.Get(role).value(), kExpected) << "still good when the server is away";
  EXPECT_EQ(roles.Get(role).value().access_key, "B");
  EXPECT_EQ(http->asked().size(), 3U);
}

TEST(RoleCredentials, OfAWebIdentity) {
  const std::string file = ::testing::TempDir() + "deltic-web-identity";
  std::ofstream(file) << "ey.J/x\n";
  std::string body;
  auto http = std::make_shared<ScriptedHttp>(std::vector<ScriptedHttp::Answer>{[&](const HttpRequest& request) {
    body = request.body;
    return ScriptedHttp::Status(
        200,
        "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
        "<AssumeRoleWithWebIdentityResult><Credentials><SessionToken>T</SessionToken><SecretAccessKey>S"
        "</SecretAccessKey><Expiration>2024-05-01T13:00:00Z</Expiration><AccessKeyId>A</AccessKeyId></Credentials>"
        "</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>")(request);
  }});
  ManualClock clock{kNowMicros};
  RoleOptions role;
  role.token_file = file;
  role.role_arn = "arn:aws:iam::1:role/r";
  role.session_name = "deltic";
  role.sts_endpoint = "https://sts.eu-west-1.amazonaws.com";
  EXPECT_EQ(RoleCredentials(http, &clock).Get(role).value(), kExpected);
  EXPECT_EQ(http->asked(), std::vector<std::string>{"POST https://sts.eu-west-1.amazonaws.com/"});
  EXPECT_EQ(body,
            "Action=AssumeRoleWithWebIdentity&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName=deltic&"
            "Version=2011-06-15&WebIdentityToken=ey.J%2Fx");
  auto refused = std::make_shared<ScriptedHttp>(std::vector<ScriptedHttp::Answer>{ScriptedHttp::Status(
      400,
      "<ErrorResponse><Error><Code>ExpiredTokenException</Code><Message>ey.J/x</Message></Error></ErrorResponse>")});
  const auto status = RoleCredentials(refused, &clock).Get(role).status();
  EXPECT_NE(status.detail().find("HTTP 400 ExpiredTokenException"), std::string::npos) << status.detail();
  EXPECT_EQ(status.detail().find("ey.J"), std::string::npos) << status.detail();
  std::remove(file.c_str());
}

TEST(RoleCredentials, NobodyIsThere) {
  auto http =
      std::make_shared<ScriptedHttp>(std::vector<ScriptedHttp::Answer>{ScriptedHttp::Broken(Failure::kNotSent)});
  ManualClock clock{kNowMicros};
  RoleCredentials roles(http, &clock);
  EXPECT_EQ(roles.Get(Machine()).status().condition(), "IO_ERROR");
  EXPECT_FALSE(roles.Get(Machine()).ok());
  EXPECT_EQ(http->asked().size(), 1U) << "not every request waits for it";
  clock.AdvanceMicros(60LL * 1'000'000);
  EXPECT_FALSE(roles.Get(Machine()).ok());
  EXPECT_EQ(http->asked().size(), 2U);
}

}  // namespace
}  // namespace deltic::storage::s3
