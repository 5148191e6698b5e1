// Names of settings → S3 options. What the names mean: hadoop-aws 3.3 "Hadoop-AWS module", delta-rs's storage options.
#include "spark/session/s3a_options.h"

#include <gtest/gtest.h>

#include "spark/session/redaction.h"

namespace deltic::spark::session {
namespace {

using storage::s3::Credentials;
using storage::s3::Environment;
using storage::s3::S3Options;

Environment Env(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
    const auto it = variables.find(name);
    return it == variables.end() ? std::nullopt : std::optional<std::string>(it->second);
  };
}

// Why the settings are refused, be it for one bucket.
Status Refusal(const ConfMap& conf, std::map<std::string, std::string> variables = {}) {
  const auto options = S3OptionsOf(conf, Env(std::move(variables)));
  if (!options.ok()) return options.status();
  for (const auto& [name, bucket] : options->buckets) RETURN_IF_ERROR(bucket.refusal.why);
  return options->defaults.refusal.why;
}

S3Options Of(const ConfMap& conf, const std::map<std::string, std::string>& variables = {}) {
  const Status refusal = Refusal(conf, variables);
  EXPECT_TRUE(refusal.ok()) << refusal.ToString();
  return refusal.ok() ? *S3OptionsOf(conf, Env(variables)) : S3Options();
}

TEST(S3aOptions, AsUsersOfMinioWriteThem) {
  const S3Options options = Of({{"spark.hadoop.fs.s3a.endpoint", "minio:9000"},
                                {"spark.hadoop.fs.s3a.access.key", "minioadmin"},
                                {"spark.hadoop.fs.s3a.secret.key", "minioadmin"},
                                {"spark.hadoop.fs.s3a.path.style.access", "true"},
                                {"spark.hadoop.fs.s3a.connection.ssl.enabled", "false"},
                                {"spark.hadoop.fs.s3a.connection.establish.timeout", "5000"},
                                {"spark.hadoop.fs.s3a.connection.timeout", "10s"},
                                {"spark.hadoop.fs.s3a.multipart.size", "100M"},
                                {"spark.hadoop.fs.s3a.attempts.maximum", "3"},
                                {"spark.hadoop.fs.s3a.fast.upload", "true"}});
  EXPECT_EQ(options.defaults.endpoint, "http://minio:9000");
  EXPECT_EQ(options.defaults.credentials, (Credentials{"minioadmin", "minioadmin", ""}));
  EXPECT_TRUE(options.defaults.path_style);
  EXPECT_EQ(options.defaults.http.connect_timeout_ms, 5000);
  EXPECT_EQ(options.defaults.http.idle_timeout_ms, 10'000);
  EXPECT_EQ(options.defaults.part_bytes, 100 << 20);
  EXPECT_EQ(options.defaults.retry.max_attempts, 3);
}

TEST(S3aOptions, SessionNamesWin) {
  const S3Options options = Of({{"spark.hadoop.fs.s3a.endpoint", "http://a"}, {"fs.s3a.endpoint", "http://b/"}});
  EXPECT_EQ(options.defaults.endpoint, "http://b");
}

TEST(S3aOptions, BucketsOfTheirOwn) {
  const S3Options options =
      Of({{"fs.s3a.endpoint", "http://a"},
          {"fs.s3a.access.key", "A"},
          {"fs.s3a.secret.key", "S"},
          {"fs.s3a.bucket.my.logs.endpoint", "http://b"},
          {"fs.s3a.bucket.open.aws.credentials.provider", "org.apache.hadoop.fs.s3a.AnonymousAWSCredentialsProvider"}});
  EXPECT_EQ(options.Bucket("other").endpoint, "http://a");
  EXPECT_EQ(options.Bucket("my.logs").endpoint, "http://b");
  EXPECT_EQ(options.Bucket("my.logs").credentials.access_key, "A");
  EXPECT_TRUE(options.Bucket("open").anonymous);
  EXPECT_FALSE(options.Bucket("my.logs").anonymous);
}

// "All fs.s3a options other than a small set of unmodifiable values can be set on a per bucket basis" (hadoop-aws,
// "Configuring different S3 buckets with Per-Bucket Configuration"): each makes of its bucket what it makes of all.
TEST(S3aOptions, EverySettingHoldsForOneBucket) {
  const ConfMap base = {{"fs.s3a.access.key", "A"},       {"fs.s3a.secret.key", "S"},
                        {"fs.s3a.proxy.host", "p"},       {"fs.s3a.proxy.username", "u"},
                        {"fs.s3a.proxy.password", "w"},   {"fs.s3a.encryption.algorithm", "SSE-KMS"},
                        {"fs.s3a.encryption.key", "key"}, {"fs.s3a.multipart.size", "7M"}};
  const std::map<std::string_view, std::string> values = {{"endpoint", "http://own:1"},
                                                          {"endpoint.region", "eu-west-1"},
                                                          {"path.style.access", "true"},
                                                          {"connection.ssl.enabled", "false"},
                                                          {"aws.credentials.provider", "AnonymousCredentialsProvider"},
                                                          {"requester.pays.enabled", "true"},
                                                          {"acl.default", "Private"},
                                                          {"encryption.algorithm", "SSE-S3"},
                                                          {"endpoint.fips", "true"},
                                                          {"accesspoint.required", "true"},
                                                          {"proxy.port", "3128"},
                                                          {"proxy.ssl.enabled", "true"},
                                                          {"connection.establish.timeout", "1s"},
                                                          {"connection.timeout", "2s"},
                                                          {"connection.request.timeout", "3s"},
                                                          {"connection.maximum", "5"},
                                                          {"attempts.maximum", "3"},
                                                          {"retry.limit", "4"},
                                                          {"retry.interval", "6ms"},
                                                          {"multipart.size", "9M"},
                                                          {"fast.upload.active.blocks", "2"},
                                                          {"multiobjectdelete.enable", "false"}};
  for (const S3aSetting& setting : S3aSettings()) {
    const auto value = values.find(setting.name);
    const std::string text = value == values.end() ? "own" : value->second;
    const std::string name(setting.name);
    ConfMap all = base;
    all["fs.s3a." + name] = text;
    ConfMap own = base;
    own["fs.s3a.bucket.my.logs." + name] = text;
    const auto general = S3OptionsOf(all, Env({}));
    const auto one = S3OptionsOf(own, Env({}));
    ASSERT_TRUE(general.ok() && one.ok()) << name;
    const Status& refusal = general->defaults.refusal.why;
    EXPECT_TRUE(refusal.ok() || refusal.Is("UNSUPPORTED_FEATURE")) << name;
    EXPECT_EQ(one->Bucket("my.logs"), general->defaults) << name;
    EXPECT_EQ(one->Bucket("other"), Of(base).defaults) << name;
    EXPECT_NE(one->Bucket("my.logs"), one->defaults) << name;
  }
}

TEST(S3aOptions, NamesOfBuckets) {
  const S3Options options = Of({{"spark.hadoop.fs.s3a.proxy.host", "proxy"},
                                {"spark.hadoop.fs.s3a.bucket.near.proxy.host", ""},
                                {"spark.hadoop.fs.s3a.bucket.a.b.connection.establish.timeout", "1s"},
                                {"fs.s3a.bucket.a.b.connection.establish.timeout", "2s"},
                                {"fs.s3a.encryption.algorithm", "SSE-KMS"},
                                {"fs.s3a.bucket.old.server-side-encryption-algorithm", "AES256"},
                                {"fs.s3a.bucket.a.b.impl", "no.such.Class"},
                                {"fs.s3a.bucket..proxy.host", "nobody"}});
  EXPECT_EQ(options.defaults.http.proxy, "http://proxy:443");
  EXPECT_EQ(options.Bucket("near").http.proxy, "") << "what a bucket sets hides what holds for all, empty too";
  EXPECT_EQ(options.Bucket("a.b").http.connect_timeout_ms, 2000);
  EXPECT_EQ(options.Bucket("old").write_headers[0].second, "AES256") << "an older name is the newer one's";
  EXPECT_EQ(options.buckets.size(), 3U);
}

// DefaultS3ClientFactory.initProxySupport of Hadoop 3.3.4, AWSClientConfig.createProxyConfiguration of 3.4.1.
TEST(S3aOptions, Proxies) {
  const auto proxy = [](ConfMap conf) { return Of(conf).defaults.http.proxy; };
  EXPECT_EQ(proxy({{"fs.s3a.proxy.host", "p"}}), "http://p:443");
  EXPECT_EQ(proxy({{"fs.s3a.proxy.host", "p"}, {"fs.s3a.connection.ssl.enabled", "false"}}), "http://p:80");
  EXPECT_EQ(proxy({{"fs.s3a.proxy.host", "p"}, {"fs.s3a.proxy.ssl.enabled", "false"}}), "http://p:80");
  EXPECT_EQ(proxy({{"fs.s3a.proxy.host", "p"}, {"fs.s3a.proxy.ssl.enabled", "true"}}), "https://p:443");
  EXPECT_EQ(proxy({{"fs.s3a.proxy.host", "p"}, {"fs.s3a.proxy.port", "3128"}}), "http://p:3128");
  const auto wrong = [](const ConfMap& conf) { return Refusal(conf); };
  const auto port = wrong({{"fs.s3a.proxy.port", "3128"}});
  EXPECT_EQ(port.Param("requirement"), "Proxy error: fs.s3a.proxy.port set without fs.s3a.proxy.host.");
  for (const char* name : {"fs.s3a.proxy.username", "fs.s3a.proxy.password"}) {
    const auto half = wrong({{"fs.s3a.proxy.host", "p"}, {name, "hidden"}});
    EXPECT_EQ(half.Param("requirement"),
              "Proxy error: fs.s3a.proxy.username or fs.s3a.proxy.password set without the other.");
    EXPECT_EQ(half.Param("confName"), name);
    EXPECT_EQ(half.Param("confValue") == "hidden", std::string_view(name).ends_with("username"));
  }
  EXPECT_EQ(wrong({{"fs.s3a.proxy.host", "p"}, {"fs.s3a.proxy.port", "http"}}).condition(),
            "INVALID_CONF_VALUE.TYPE_MISMATCH");
}

TEST(S3aOptions, DeltaRsNames) {
  const S3Options options = Of({{"aws_endpoint_url", "http://127.0.0.1:9000"},
                                {"AWS_ACCESS_KEY_ID", "A"},
                                {"AWS_SECRET_ACCESS_KEY", "S"},
                                {"AWS_ALLOW_HTTP", "true"}});
  EXPECT_EQ(options.defaults.endpoint, "http://127.0.0.1:9000");
  EXPECT_TRUE(options.defaults.path_style);
  EXPECT_EQ(options.defaults.credentials, (Credentials{"A", "S", ""}));
}

TEST(S3aOptions, EnvironmentComesLast) {
  const std::map<std::string, std::string> env = {{"AWS_ACCESS_KEY_ID", "E"},
                                                  {"AWS_SECRET_ACCESS_KEY", "F"},
                                                  {"AWS_SESSION_TOKEN", "T"},
                                                  {"AWS_REGION", "eu-west-1"}};
  EXPECT_EQ(Of({}, env).defaults.credentials, (Credentials{"E", "F", "T"}));
  EXPECT_EQ(Of({}, env).defaults.region, "eu-west-1");
  EXPECT_EQ(Of({{"fs.s3a.access.key", "A"}, {"fs.s3a.secret.key", "S"}}, env).defaults.credentials,
            (Credentials{"A", "S", ""}));
  EXPECT_EQ(Of({{"fs.s3a.endpoint", "s3.ap-south-1.amazonaws.com"}}).defaults.region, "ap-south-1");
}

TEST(S3aOptions, Providers) {
  const ConfMap keys = {{"fs.s3a.access.key", "A"}, {"fs.s3a.secret.key", "S"}};
  const auto with = [&](const std::string& provider, std::map<std::string, std::string> env = {}) {
    ConfMap conf = keys;
    conf["fs.s3a.aws.credentials.provider"] = provider;
    const auto options = S3OptionsOf(conf, Env(std::move(env)));
    return options.ok() ? options->defaults : storage::s3::BucketOptions();
  };
  EXPECT_EQ(with("org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider").credentials.access_key, "A");
  EXPECT_EQ(with("com.amazonaws.auth.EnvironmentVariableCredentialsProvider,\n "
                 "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
                 {{"AWS_ACCESS_KEY_ID", "E"}, {"AWS_SECRET_ACCESS_KEY", "F"}})
                .credentials.access_key,
            "E");
  EXPECT_EQ(with("org.apache.hadoop.fs.s3a.TemporaryAWSCredentialsProvider").credentials.access_key, "");
  EXPECT_EQ(with("org.apache.hadoop.fs.s3a.auth.AssumedRoleCredentialProvider").refusal.why.condition(),
            "UNSUPPORTED_FEATURE");
}

TEST(S3aOptions, WrongValuesAreRefusedByName) {
  for (const auto& [name, value] : {std::pair{"connection.timeout", "soon"},
                                    {"multipart.size", "big"},
                                    {"path.style.access", "maybe"},
                                    {"attempts.maximum", "-1"}}) {
    const auto status = Refusal({{std::string("fs.s3a.") + name, value}});
    EXPECT_EQ(status.condition(), "INVALID_CONF_VALUE.TYPE_MISMATCH");
    EXPECT_EQ(status.Param("confName"), std::string("fs.s3a.") + name);
  }
  EXPECT_FALSE(Refusal({{"fs.s3a.endpoint", "ftp://x"}}).ok());
  EXPECT_FALSE(Refusal({{"fs.s3a.acl.default", "public-read"}}).ok());
}

// S3AUtils.propagateBucketOptions: a file system of a bucket sees the bucket's settings in place of the general ones,
// and nothing of other buckets.
TEST(S3aOptions, ABucketIsRefusedForItsOwnSettingsAlone) {
  const ConfMap conf = {{"fs.s3a.multipart.size", "big"},
                        {"fs.s3a.bucket.good.multipart.size", "7M"},
                        {"fs.s3a.bucket.bad.multipart.size", "7M"},
                        {"fs.s3a.bucket.bad.connection.timeout", "soon"}};
  const S3Options options = *S3OptionsOf(conf, Env({}));
  EXPECT_TRUE(options.Bucket("good").refusal.why.ok());
  EXPECT_EQ(options.Bucket("good").part_bytes, 7 << 20);
  EXPECT_EQ(options.Bucket("bad").refusal.why.Param("confName"), "fs.s3a.connection.timeout");
  EXPECT_EQ(options.Bucket("other").refusal.why.Param("confName"), "fs.s3a.multipart.size");
  EXPECT_EQ(options, *S3OptionsOf(conf, Env({}))) << "equal settings share a store, refused ones too";
  const auto open = [&](std::string_view path) { return OpenStore(path, [&] { return conf; }); };
  const auto store = open("s3a://good/t");
  ASSERT_TRUE(store.ok()) << store.status().ToString();
  EXPECT_EQ(open("s3a://bad/t").status().Param("confName"), "fs.s3a.connection.timeout");
  EXPECT_EQ(open("s3a://other/t").status().Param("confName"), "fs.s3a.multipart.size");
  // A store is asked for paths of other buckets, too: files of a shallow clone.
  EXPECT_EQ((*store)->Get("s3a://bad/t/x").status().Param("confName"), "fs.s3a.connection.timeout");
}

// hadoop-aws 3.3's core-default.xml tells units and values.
TEST(S3aOptions, WhatNewObjectsAndRequestsSay) {
  const S3Options options = Of({{"fs.s3a.acl.default", "BucketOwnerFullControl"},
                                {"fs.s3a.create.storage.class", "intelligent_tiering"},
                                {"fs.s3a.requester.pays.enabled", "true"},
                                {"fs.s3a.multiobjectdelete.enable", "false"},
                                {"fs.s3a.encryption.algorithm", "SSE-KMS"},
                                {"fs.s3a.bucket.logs.acl.default", "Private"},
                                {"fs.s3a.bucket.logs.requester.pays.enabled", "false"}});
  using storage::s3::HeaderPairs;
  EXPECT_EQ(options.defaults.write_headers, (HeaderPairs{{"x-amz-acl", "bucket-owner-full-control"},
                                                         {"x-amz-storage-class", "INTELLIGENT_TIERING"},
                                                         {"x-amz-server-side-encryption", "aws:kms"}}));
  EXPECT_EQ(options.defaults.request_headers, (HeaderPairs{{"x-amz-request-payer", "requester"}}));
  EXPECT_FALSE(options.defaults.delete_many);
  EXPECT_EQ(options.Bucket("logs").write_headers[0].second, "private");
  EXPECT_TRUE(options.Bucket("logs").request_headers.empty());
}

TEST(S3aOptions, UnitsOfTimeouts) {
  EXPECT_EQ(Of({{"fs.s3a.connection.request.timeout", "60"}}).defaults.http.request_timeout_ms, 60'000);
  EXPECT_EQ(Of({{"fs.s3a.connection.request.timeout", "500ms"}}).defaults.http.request_timeout_ms, 500);
  EXPECT_EQ(Of({{"fs.s3a.connection.timeout", "60000"}}).defaults.http.idle_timeout_ms, 60'000);
}

TEST(S3aOptions, Regions) {
  EXPECT_EQ(Of({{"fs.s3a.endpoint", "https://bucket.vpce-1a2b-c3d4.s3.eu-west-1.vpce.amazonaws.com"}}).defaults.region,
            "eu-west-1");
  EXPECT_EQ(Of({{"fs.s3a.endpoint", "s3.cn-north-1.amazonaws.com.cn"}}).defaults.region, "cn-north-1");
  EXPECT_EQ(Of({{"fs.s3a.endpoint", "s3.amazonaws.com"}}).defaults.region, "us-east-1");
  EXPECT_TRUE(Of({{"fs.s3a.endpoint", "s3.amazonaws.com"}}).defaults.region_is_guess);
  EXPECT_FALSE(Of({{"fs.s3a.endpoint.region", "us-east-1"}}).defaults.region_is_guess);
}

TEST(S3aOptions, WhatChangesTheIdentityOrThePlaceIsRefusedByName) {
  for (const char* name :
       {"fs.s3a.accesspoint.arn", "fs.s3a.bucket.b.accesspoint.arn", "fs.s3a.encryption.context",
        "fs.s3a.security.credential.provider.path", "spark.hadoop.hadoop.security.credential.provider.path"}) {
    const auto status = Refusal({{name, "x"}});
    EXPECT_EQ(status.condition(), "UNSUPPORTED_FEATURE") << name;
  }
  // An assumed role is not passed over for the keys that come after it.
  const auto status = Refusal({{"fs.s3a.access.key", "A"},
                               {"fs.s3a.secret.key", "S"},
                               {"fs.s3a.aws.credentials.provider",
                                "org.apache.hadoop.fs.s3a.auth.AssumedRoleCredentialProvider,"
                                "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider"}});
  EXPECT_EQ(status.condition(), "UNSUPPORTED_FEATURE");
}

TEST(S3aOptions, Roles) {
  const std::map<std::string, std::string> eks = {
      {"AWS_WEB_IDENTITY_TOKEN_FILE", "/token"}, {"AWS_ROLE_ARN", "arn"}, {"AWS_REGION", "eu-west-1"}};
  EXPECT_EQ(Of({}, eks).defaults.role.token_file, "/token");
  EXPECT_EQ(Of({}, eks).defaults.role.sts_endpoint, "https://sts.eu-west-1.amazonaws.com");
  EXPECT_FALSE(Of({{"fs.s3a.access.key", "A"}, {"fs.s3a.secret.key", "S"}}, eks).defaults.role.any());
  // A session cannot name files or addresses of the server.
  EXPECT_EQ(Of({{"AWS_WEB_IDENTITY_TOKEN_FILE", "/etc/passwd"}, {"AWS_ROLE_ARN", "arn"}}).defaults.role.token_file, "");
  const S3Options ecs = Of({}, {{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x"}});
  EXPECT_EQ(ecs.defaults.role.container_url, "http://169.254.170.2/v2/x");
  EXPECT_EQ(Of({}, {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://far.example/x"}}).defaults.role.container_url, "");
  EXPECT_EQ(Of({}).defaults.role.instance_endpoint, "http://169.254.169.254");
  EXPECT_FALSE(Of({}, {{"AWS_EC2_METADATA_DISABLED", "true"}}).defaults.role.any());
  const auto named = [](const std::string& list) {
    return Of({{"fs.s3a.access.key", "A"}, {"fs.s3a.secret.key", "S"}, {"fs.s3a.aws.credentials.provider", list}});
  };
  EXPECT_TRUE(named("com.amazonaws.auth.InstanceProfileCredentialsProvider").defaults.role.any());
  const S3Options both = named(
      "org.apache.hadoop.fs.s3a.auth.IAMInstanceCredentialsProvider,"
      "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider");
  EXPECT_EQ(both.defaults.credentials.access_key, "A");
}

TEST(S3aOptions, TheSimpleProviderTakesNoToken) {
  const S3Options options =
      Of({{"fs.s3a.access.key", "A"},
          {"fs.s3a.secret.key", "S"},
          {"fs.s3a.session.token", "T"},
          {"fs.s3a.aws.credentials.provider", "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider"}});
  EXPECT_EQ(options.defaults.credentials, (Credentials{"A", "S", ""}));
}

TEST(StoreOptions, OnlyTheSessionsOwn) {
  RuntimeConf conf(std::make_shared<std::map<std::string, std::string>>(std::map<std::string, std::string>{
      {"spark.hadoop.fs.s3a.access.key", "A"}, {"spark.hadoop.fs.s3a.secret.key", "server"}}));
  ASSERT_TRUE(conf.Set("fs.s3a.secret.key", "session").ok());
  const auto check = [&](const char* path, const char* name, const char* value) {
    return CheckStoreOptions(path, {{"header", "true"}, {name, value}}, conf);
  };
  EXPECT_TRUE(check("s3a://b/t", "fs.s3a.access.key", "A").ok());
  EXPECT_TRUE(check("s3a://b/t", "FS.s3a.secret.key", "session").ok());
  EXPECT_TRUE(check("s3a://b/t", "fs.azure.account.key", "x").ok());
  EXPECT_TRUE(check("/local/t", "fs.s3a.access.key", "B").ok()) << "no store is asked";
  for (const char* name : {"fs.s3a.access.key", "fs.s3a.secret.key", "fs.s3a.endpoint", "fs.s3.awsAccessKeyId"}) {
    const Status refused = check("s3a://b/t", name, "server");
    EXPECT_EQ(refused.condition(), "UNSUPPORTED_FEATURE") << name;
    EXPECT_NE(refused.detail().find(name), std::string::npos) << refused.detail();
  }
  EXPECT_EQ(check("s3://b/t", "fs.s3a.secret.key", "h1dden").ToString().find("h1dden"), std::string::npos);
}

TEST(Redaction, AsSparkDoes) {
  RuntimeConf conf(std::make_shared<std::map<std::string, std::string>>());
  using Map = std::map<std::string, std::string>;
  const Map given{{"plain", "v"},         {"my.password", "v"}, {"My.Secret.x", "v"},        {"token", "v"},
                  {"fs.access.key", "v"}, {"accesskey", "v"},   {"access_key", "v"},         {"jdbcUrl", "v"},
                  {"a", "a token in it"}, {"b", "URL"},         {"delta.appendOnly", "true"}};
  const std::string gone(kRedacted);
  const Map shown{{"plain", "v"},      {"my.password", gone},       {"My.Secret.x", gone},
                  {"token", gone},     {"fs.access.key", gone},     {"accesskey", gone},
                  {"access_key", "v"}, {"jdbcUrl", gone},           {"a", gone},
                  {"b", gone},         {"delta.appendOnly", "true"}};
  EXPECT_EQ(RedactOptions(conf, given).value(), shown);
  ASSERT_TRUE(conf.Set("spark.sql.redaction.options.regex", "^pl.*n$").ok());
  EXPECT_EQ(RedactOptions(conf, given)->at("plain"), gone);
  EXPECT_EQ(RedactOptions(conf, given)->at("jdbcUrl"), "v");
  ASSERT_TRUE(conf.Set("spark.sql.redaction.options.regex", "(").ok());
  EXPECT_FALSE(RedactOptions(conf, given).ok());
}

}  // namespace
}  // namespace deltic::spark::session
