// Signatures against AWS's published examples, XML, errors and retries by script, and a real server when one is given
// (DELTIC_TEST_S3_ENDPOINT, credentials minioadmin/minioadmin, bucket DELTIC_TEST_S3_BUCKET).
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/random.h"
#include "storage/s3/credentials.h"
#include "storage/s3/s3_registry.h"
#include "storage/s3/s3_store.h"
#include "storage/testing/scripted_http.h"

namespace deltic::storage::s3 {
namespace {

using testing::ScriptedHttp;
using Failure = HttpResponse::Failure;

// docs.aws.amazon.com › S3 API reference › "Signature Calculations for the Authorization Header": the four examples.
struct PublishedExample {
  SignableRequest request;
  const char* signature;
};

constexpr char kEmptyHash[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr char kDate[] = "20130524T000000Z";

SignableRequest Example(std::string method, std::string path, std::vector<std::pair<std::string, std::string>> query,
                        HeaderPairs headers, std::string hash = kEmptyHash) {
  headers.emplace_back("Host", "examplebucket.s3.amazonaws.com");
  headers.emplace_back("x-amz-content-sha256", hash);
  headers.emplace_back("x-amz-date", kDate);
  return {std::move(method), std::move(path), std::move(query), std::move(headers), hash};
}

TEST(SigV4, PublishedExamples) {
  const Credentials credentials{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""};
  const std::string put_hash = HexSha256("Welcome to Amazon S3.");
  const PublishedExample examples[] = {
      {Example("GET", "/test.txt", {}, {{"Range", "bytes=0-9"}}),
       "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
      {Example("PUT", "/test%24file.text", {},
               {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}}, put_hash),
       "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
      {Example("GET", "/", {{"lifecycle", ""}}, {}),
       "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
      {Example("GET", "/", {{"max-keys", "2"}, {"prefix", "J"}}, {}),
       "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
  };
  for (const auto& example : examples) {
    const std::string header = Authorization(example.request, credentials, "us-east-1", "s3", kDate);
    EXPECT_TRUE(header.ends_with(std::string("Signature=") + example.signature)) << header;
    EXPECT_TRUE(header.starts_with("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/"));
  }
}

// AWS's signature test suite (aws-sig-v4-test-suite): get-vanilla and get-vanilla-query-order-key-case.
TEST(SigV4, TestSuite) {
  const Credentials credentials{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
  SignableRequest request{
      "GET", "/", {}, {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}}, kEmptyHash};
  EXPECT_TRUE(Authorization(request, credentials, "us-east-1", "service", "20150830T123600Z")
                  .ends_with("5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"));
  request.query = {{"Param2", "value2"}, {"Param1", "value1"}};
  EXPECT_TRUE(Authorization(request, credentials, "us-east-1", "service", "20150830T123600Z")
                  .ends_with("b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"));
}

TEST(SigV4, Parts) {
  EXPECT_EQ(AmzDate(1369353600000000), kDate);
  EXPECT_EQ(UriEncode("a b/ü~*", true), "a%20b/%C3%BC~%2A");
  EXPECT_EQ(UriEncode("a/b", false), "a%2Fb");
  EXPECT_EQ(Base64Md5(""), "1B2M2Y8AsgTpgAmY7PhCfg==");
}

TEST(Xml, ListPage) {
  const auto page = ParseListPage(
      "<?xml version=\"1.0\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>b</Name>"
      "<IsTruncated>true</IsTruncated><NextContinuationToken>t&amp;1</NextContinuationToken>"
      "<Contents><Key>a+b%2Bc</Key><LastModified>2024-05-01T12:00:00.250Z</LastModified><Size>7</Size></Contents>"
      "<CommonPrefixes><Prefix>d/</Prefix></CommonPrefixes><EncodingType>url</EncodingType></ListBucketResult>");
  ASSERT_TRUE(page.ok()) << page.status().ToString();
  EXPECT_EQ(page->next_token, "t&1");
  ASSERT_EQ(page->objects.size(), 1U);
  EXPECT_EQ(page->objects[0].key, "a b+c");
  EXPECT_EQ(page->objects[0].size_bytes, 7);
  EXPECT_EQ(page->objects[0].modified_ms, 1714564800250);
  EXPECT_EQ(page->prefixes, std::vector<std::string>{"d/"});
}

TEST(Xml, GarbageIsAnError) {
  std::string deep;
  for (int i = 0; i < 100; i++) deep += "<a>";
  for (const std::string& text : {std::string(), std::string("nonsense"), std::string("<a>"), std::string("<a></b>"),
                                  std::string("<a>&bomb;</a>"), std::string("<!DOCTYPE a [<!ENTITY x \"y\">]><a/>"),
                                  std::string("<a>&#99999999;</a>"), deep, std::string("<a/><b/>"),
                                  std::string("<a b='"), std::string("<html>proxy error</html>")}) {
    EXPECT_FALSE(ParseListPage(text).ok()) << text;
    EXPECT_FALSE(ParseUploadId(text).ok()) << text;
    EXPECT_EQ(ParseError(text).code, "");
  }
  EXPECT_EQ(ParseTimeMs("no time"), 0);
  EXPECT_EQ(ParseTimeMs("Wed, 01 May 2024 12:00:00 GMT"), 1714564800000);
}

TEST(Credentials, Profile) {
  const char* text =
      "# c\n[default]\naws_access_key_id = A\n\n[ other ]\n aws_access_key_id=B\r\naws_secret_access_key = x=y\n";
  EXPECT_EQ(IniValue(text, "default", "aws_access_key_id"), "A");
  EXPECT_EQ(IniValue(text, "other", "aws_access_key_id"), "B");
  EXPECT_EQ(IniValue(text, "other", "aws_secret_access_key"), "x=y");
  EXPECT_EQ(IniValue(text, "none", "aws_access_key_id"), std::nullopt);
}

// --- by script ---
class NoPause final : public Pause {
 public:
  void ForMillis(int64_t millis) override { waited_ms += millis; }
  int64_t waited_ms = 0;
};

struct Scripted {
  std::shared_ptr<ScriptedHttp> http;
  ManualClock clock{1369353600000000};
  SeededRandom random{1};
  NoPause pause;
  std::shared_ptr<ObjectStore> store;
};

constexpr char kSecret[] = "very-secret-key";
constexpr char kPath[] = "s3a://bucket/t/_delta_log/0.json";

std::unique_ptr<Scripted> Script(std::vector<ScriptedHttp::Answer> answers, S3Options options = {}) {
  auto out = std::make_unique<Scripted>();
  out->http = std::make_shared<ScriptedHttp>(std::move(answers));
  if (options.defaults.endpoint.empty()) options.defaults.endpoint = "http://127.0.0.1:1";
  options.defaults.credentials = {"visible-access-key", kSecret, "secret-token"};
  options.defaults.retry.max_attempts = 4;
  out->store = NewS3Store(options, "tag", {out->http, &out->clock, &out->random, &out->pause});
  return out;
}

TEST(Retries, PassingFailures) {
  for (const int status : {429, 500, 502, 503, 504}) {
    auto s = Script({ScriptedHttp::Status(status), ScriptedHttp::Broken(Failure::kAmbiguous),
                     ScriptedHttp::Broken(Failure::kNotSent), ScriptedHttp::Status(200, "bytes")});
    EXPECT_EQ(s->store->Get(kPath).value(), "bytes") << status;
    EXPECT_EQ(s->http->asked().size(), 4U);
    EXPECT_GT(s->pause.waited_ms, 100);
  }
}

TEST(Retries, GiveUpAndNameThePath) {
  auto s = Script({ScriptedHttp::S3Error(503, "SlowDown")});
  const auto status = s->store->Get(kPath).status();
  EXPECT_EQ(status.condition(), "IO_ERROR");
  EXPECT_NE(status.detail().find(kPath), std::string::npos) << status.detail();
  EXPECT_NE(status.detail().find("SlowDown"), std::string::npos) << status.detail();
  EXPECT_NE(status.detail().find("4 attempts"), std::string::npos) << status.detail();
}

TEST(Retries, RefusalsAreFinalAndShowNoSecret) {
  const std::pair<int, const char*> refusals[] = {{403, "AccessDenied"},          {403, "InvalidAccessKeyId"},
                                                  {403, "SignatureDoesNotMatch"}, {400, "ExpiredToken"},
                                                  {404, "NoSuchBucket"},          {301, "PermanentRedirect"}};
  for (const auto& [code, name] : refusals) {
    auto s = Script({ScriptedHttp::S3Error(code, name)});
    for (const Status& status :
         {s->store->Get(kPath).status(), s->store->Put(kPath, "x"), s->store->PutIfAbsent(kPath, "x").status(),
          s->store->List("s3a://bucket/t").status()}) {
      EXPECT_EQ(status.condition(), "IO_ERROR") << name;
      const std::string text = status.ToString();
      EXPECT_NE(text.find("s3a://bucket/t"), std::string::npos) << text;
      EXPECT_NE(text.find(name), std::string::npos) << text;
      EXPECT_EQ(text.find(kSecret), std::string::npos) << text;
      EXPECT_EQ(text.find("secret-token"), std::string::npos) << text;
    }
    EXPECT_EQ(s->http->asked().size(), 4U) << "no retries of " << name;
  }
}

TEST(Retries, AFullDiskAndAnotherRegionAreFinal) {
  auto full = Script({ScriptedHttp::S3Error(507, "XMinioStorageFull")});
  EXPECT_NE(full->store->Put(kPath, "x").detail().find("storage is full"), std::string::npos);
  EXPECT_EQ(full->http->asked().size(), 1U);
  auto elsewhere = Script({[](const HttpRequest&) {
    HttpResponse response;  // as HEAD is answered: without a body
    response.status = 301;
    response.headers = {{"x-amz-bucket-region", "eu-west-1"}};
    return response;
  }});
  const auto status = elsewhere->store->Head(kPath).status();
  EXPECT_NE(status.detail().find("not in region us-east-1 but in eu-west-1"), std::string::npos) << status.detail();
  EXPECT_EQ(elsewhere->http->asked().size(), 1U);
}

// As AWS answers a signature for the wrong region; Hadoop's client follows too.
TEST(Regions, AGuessGivesWayToWhatTheServerSays) {
  S3Options options;
  options.defaults.region_is_guess = true;
  std::vector<std::string> scopes;
  const auto answer = [&](int code, const std::string& body) {
    return [&, code, body](const HttpRequest& request) {
      for (const auto& [name, value] : request.headers) {
        if (name == "authorization") scopes.push_back(value.substr(value.find('/'), 32));
      }
      return ScriptedHttp::Status(code, body)(request);
    };
  };
  const std::string elsewhere =
      "<Error><Code>AuthorizationHeaderMalformed</Code><Message>m</Message><Region>eu-west-1</Region></Error>";
  auto s = Script({answer(400, elsewhere), answer(200, "bytes")}, options);
  EXPECT_EQ(s->store->Get(kPath).value(), "bytes");
  EXPECT_EQ(s->store->Get(kPath).value(), "bytes");
  EXPECT_EQ(scopes, (std::vector<std::string>{"/20130524/us-east-1/s3/aws4_requ", "/20130524/eu-west-1/s3/aws4_requ",
                                              "/20130524/eu-west-1/s3/aws4_requ"}));
  auto again = Script({ScriptedHttp::Status(400, elsewhere)}, options);
  EXPECT_FALSE(again->store->Get(kPath).ok());
  EXPECT_EQ(again->http->asked().size(), 2U) << "followed once";
  auto odd = Script({ScriptedHttp::Status(400, "<Error><Code>x</Code><Region>a.b/c</Region></Error>")}, options);
  EXPECT_FALSE(odd->store->Get(kPath).ok());
  EXPECT_EQ(odd->http->asked().size(), 1U);
}

TEST(Ranges, OnlyTheBytesAskedForCount) {
  const auto partial = [](std::string range) {
    return [range = std::move(range)](const HttpRequest& request) {
      HttpResponse response;
      response.status = 206;
      response.headers = {{"content-range", range}};
      response.sink_bytes = static_cast<int64_t>(std::string("fivey").copy(request.sink, 5));
      return response;
    };
  };
  EXPECT_EQ(Script({partial("bytes 5-9/100")})->store->GetRange(kPath, 5, 5).value(), "fivey");
  for (const char* wrong : {"bytes 0-4/100", "bytes 5-10/100", "bytes 55-9/100", "bytes */100", ""}) {
    const auto status = Script({partial(wrong)})->store->GetRange(kPath, 5, 5).status();
    EXPECT_EQ(status.condition(), "IO_ERROR") << wrong;
    EXPECT_NE(status.detail().find(kPath), std::string::npos) << status.detail();
  }
  EXPECT_FALSE(Script({ScriptedHttp::Status(200, "whole")})->store->GetRange(kPath, 5, 5).ok()) << "ranges ignored";
}

TEST(PutIfAbsent, PlainOutcomes) {
  EXPECT_EQ(Script({ScriptedHttp::Status(200)})->store->PutIfAbsent(kPath, "mine").value(), PutOutcome::kCreated);
  EXPECT_EQ(Script({ScriptedHttp::S3Error(412, "PreconditionFailed")})->store->PutIfAbsent(kPath, "mine").value(),
            PutOutcome::kAlreadyExists);
  auto s = Script({ScriptedHttp::S3Error(409, "ConditionalRequestConflict"), ScriptedHttp::Status(200)});
  EXPECT_EQ(s->store->PutIfAbsent(kPath, "mine").value(), PutOutcome::kCreated);
  EXPECT_EQ(s->http->asked().size(), 2U);
}

TEST(PutIfAbsent, DoubtIsReadBack) {
  const auto lost_answer = ScriptedHttp::Broken(Failure::kAmbiguous);
  const auto exists = ScriptedHttp::S3Error(412, "PreconditionFailed");
  EXPECT_EQ(Script({lost_answer, exists, ScriptedHttp::Status(200, "mine")})->store->PutIfAbsent(kPath, "mine").value(),
            PutOutcome::kCreated)
      << "our own first attempt had won";
  EXPECT_EQ(
      Script({lost_answer, exists, ScriptedHttp::Status(200, "theirs")})->store->PutIfAbsent(kPath, "mine").value(),
      PutOutcome::kAlreadyExists);
  const auto unknown = Script({lost_answer})->store->PutIfAbsent(kPath, "mine").status();
  EXPECT_EQ(unknown.Param("outcome"), "unknown");
  const auto refused = Script({ScriptedHttp::S3Error(403, "AccessDenied")})->store->PutIfAbsent(kPath, "mine").status();
  EXPECT_EQ(refused.Param("outcome"), "") << "a refusal leaves no doubt";
  // MinIO without a key store answers so to a put that asks for encryption.
  const auto unable = Script({ScriptedHttp::S3Error(501, "NotImplemented")})->store->PutIfAbsent(kPath, "x").status();
  EXPECT_NE(unable.detail().find("If-None-Match"), std::string::npos) << unable.detail();
  EXPECT_NE(unable.detail().find("NotImplemented, HTTP 501): scripted"), std::string::npos) << unable.detail();
}

// A server that looks at no condition takes both of two puts to one absent name.
TEST(PutIfAbsent, AServerThatIgnoresConditionsIsRefused) {
  S3Options options;
  options.defaults.check_conditions = true;
  const auto exists = ScriptedHttp::S3Error(412, "PreconditionFailed");
  auto bad = Script({ScriptedHttp::Status(200)}, options);
  const auto status = bad->store->PutIfAbsent(kPath, "mine").status();
  EXPECT_NE(status.detail().find("If-None-Match"), std::string::npos) << status.detail();
  EXPECT_EQ(status.Param("outcome"), "");
  bad->http->WaitForRequests(3);  // the last removes what was put, on another thread
  for (const auto& request : bad->http->asked()) {
    EXPECT_NE(request.find("_delta_log/.deltic-condition-"), std::string::npos) << request;
  }
  auto good =
      Script({ScriptedHttp::Status(200), exists, ScriptedHttp::Status(204), ScriptedHttp::Status(200)}, options);
  EXPECT_EQ(good->store->PutIfAbsent(kPath, "mine").value(), PutOutcome::kCreated);
  good->http->WaitForRequests(4);
  EXPECT_EQ(good->store->PutIfAbsent("s3a://bucket/other/0.json", "x").value(), PutOutcome::kCreated);
  EXPECT_EQ(good->http->asked().size(), 5U) << "once for a bucket";
  auto refused = Script({ScriptedHttp::S3Error(403, "AccessDenied")}, options);
  EXPECT_NE(refused->store->PutIfAbsent(kPath, "mine").status().detail().find("AccessDenied"), std::string::npos);
  options.defaults.endpoint = "https://s3.eu-west-1.amazonaws.com";
  auto amazon = Script({ScriptedHttp::Status(200)}, options);
  EXPECT_EQ(amazon->store->PutIfAbsent(kPath, "mine").value(), PutOutcome::kCreated);
  EXPECT_EQ(amazon->http->asked().size(), 1U);
}

TEST(Requests, WhatEachSaysAndDeletesOneByOne) {
  S3Options options;
  options.defaults.request_headers = {{"x-amz-request-payer", "requester"}};
  options.defaults.write_headers = {{"x-amz-acl", "private"}};
  options.defaults.delete_many = false;
  constexpr char kPage[] =
      "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>t/a</Key></Contents>"
      "<Contents><Key>t/b</Key></Contents></ListBucketResult>";
  std::vector<std::string> payers, acls;
  const auto look = [&](int code, const std::string& body) {
    return [&, code, body](const HttpRequest& request) {
      for (const auto& [name, value] : request.headers) {
        if (name == "x-amz-request-payer") payers.push_back(value);
        if (name == "x-amz-acl") acls.push_back(request.method);
      }
      return ScriptedHttp::Status(code, body)(request);
    };
  };
  auto s = Script({look(200, kPage), look(204, "")}, options);
  EXPECT_TRUE(s->store->DeleteRecursive("s3a://bucket/t").ok());
  EXPECT_TRUE(s->store->Put(kPath, "x").ok());
  EXPECT_EQ(payers.size(), s->http->asked().size());
  EXPECT_EQ(s->http->asked()[1], "DELETE http://127.0.0.1:1/bucket/t/a");
  EXPECT_EQ(s->http->asked()[2], "DELETE http://127.0.0.1:1/bucket/t/b");
  EXPECT_EQ(acls, std::vector<std::string>{"PUT"});
}

TEST(Requests, EachBucketHasItsOwnOptions) {
  S3Options options;
  options.buckets["other"].endpoint = "http://127.0.0.1:2";
  options.buckets["other"].credentials = {"a", kSecret, ""};
  options.buckets["other"].retry.max_attempts = 2;
  auto s = Script({ScriptedHttp::S3Error(503, "SlowDown")}, options);
  EXPECT_FALSE(s->store->Get("s3a://other/k").ok());
  EXPECT_EQ(s->http->asked(), std::vector<std::string>(2, "GET http://127.0.0.1:2/other/k"));
  EXPECT_FALSE(s->store->Get("s3a://bucket/k").ok());
  EXPECT_EQ(s->http->asked().size(), 6U);
  EXPECT_EQ(s->http->asked().back(), "GET http://127.0.0.1:1/bucket/k");
  const auto writer = s->store->OpenWriter("s3a://other/w").value();
  EXPECT_FALSE(writer->Finish().ok());
  EXPECT_EQ(s->http->asked().back(), "PUT http://127.0.0.1:2/other/w");
}

TEST(Multipart, FailureInsideASuccess) {
  auto s = Script({ScriptedHttp::Status(200,
                                        "<InitiateMultipartUploadResult><UploadId>u</UploadId>"
                                        "</InitiateMultipartUploadResult>"),
                   [](const HttpRequest&) {
                     HttpResponse response;
                     response.status = 200;
                     response.headers = {{"etag", "\"e\""}};
                     return response;
                   },
                   [](const HttpRequest&) {
                     HttpResponse response;
                     response.status = 200;
                     response.headers = {{"etag", "\"e\""}};
                     return response;
                   },
                   ScriptedHttp::S3Error(200, "InternalError"),
                   ScriptedHttp::Status(200, "<CompleteMultipartUploadResult/>")});
  auto writer = s->store->OpenWriter("s3a://bucket/big").value();
  ASSERT_TRUE(writer->Append(std::string(12 << 20, 'x')).ok());
  ASSERT_TRUE(writer->Finish().ok());
  EXPECT_EQ(s->http->asked().size(), 5U);
}

TEST(Multipart, NothingIsSentBeforeItIsAllowed) {
  auto s = Script({ScriptedHttp::Status(200)});
  {
    const auto writer = s->store->OpenWriter("s3a://bucket/big").value();
    writer->AskFirst([] { return Error("OPERATION_CANCELED"); });
    EXPECT_EQ(writer->Append(std::string(12 << 20, 'x')).condition(), "OPERATION_CANCELED");
    EXPECT_EQ(writer->Finish().condition(), "OPERATION_CANCELED");
  }
  EXPECT_TRUE(s->http->asked().empty());
}

std::string PageOf(const std::vector<std::string>& keys, const std::string& next) {
  std::string text = "<ListBucketResult>";
  for (const auto& key : keys) text += "<Contents><Key>" + key + "</Key><Size>1</Size></Contents>";
  if (!next.empty())
    text += "<IsTruncated>true</IsTruncated><NextContinuationToken>" + next + "</NextContinuationToken>";
  return text + "</ListBucketResult>";
}

TEST(Lists, TheFirstPageIsOneRequest) {
  auto s =
      Script({ScriptedHttp::Status(200, PageOf({"d/1", "d/2"}, "more")), ScriptedHttp::Status(200, PageOf({}, ""))});
  const auto first = s->store->ListFirst("s3a://bucket/d", "").value();
  EXPECT_EQ(first.objects.size(), 2U);
  EXPECT_FALSE(first.complete);
  EXPECT_EQ(s->http->asked().size(), 1U);
  EXPECT_TRUE(s->store->ListFirst("s3a://bucket/d", "3")->complete);
  auto all = Script(
      {ScriptedHttp::Status(200, PageOf({"d/1", "d/2"}, "more")), ScriptedHttp::Status(200, PageOf({"d/3"}, ""))});
  EXPECT_EQ(all->store->List("s3a://bucket/d", "2").value().size(), 2U);
  EXPECT_EQ(all->http->asked().size(), 2U);
}

TEST(Lists, ProbesAreNotThere) {
  auto s = Script({ScriptedHttp::Status(200, PageOf({"d/a", "d/log/.deltic-condition-1", "d/log/b"}, ""))});
  const auto objects = s->store->ListRecursive("s3a://bucket/d").value();
  ASSERT_EQ(objects.size(), 2U);
  EXPECT_EQ(objects[1].path, "s3a://bucket/d/log/b");
}

TEST(Lists, ADirectoryIsOneName) {
  auto s = Script({ScriptedHttp::Status(200, PageOf({"d/1"}, "more"))});
  EXPECT_TRUE(s->store->HasDirectory("s3a://bucket/d").value());
  ASSERT_EQ(s->http->asked().size(), 1U);
  EXPECT_NE(s->http->asked()[0].find("max-keys=1&"), std::string::npos) << s->http->asked()[0];
}

TEST(Paths, NativePathsAreOpaque) {
  const S3Options options;
  const auto first = StoreWith(options);
  S3Options other = options;
  other.defaults.credentials = {"a", kSecret, ""};
  const auto second = StoreWith(other);
  EXPECT_EQ(StoreWith(options).store, first.store);
  EXPECT_NE(first.store, second.store);
  const std::string native = second.store->NativePath("s3a://bucket/k");
  EXPECT_TRUE(IsRemoteNative(native));
  EXPECT_EQ(native.find(kSecret), std::string::npos);
  EXPECT_EQ(DisplayOfNative(native), "s3a://bucket/k");
  EXPECT_EQ(WithoutNativePaths("open " + native + "!"), "open s3a://bucket/k!");
  EXPECT_EQ(ResolveNative(native)->store, second.store);
  EXPECT_FALSE(ResolveNative("s3a+0123://bucket/k").ok());
  EXPECT_FALSE(IsRemoteNative("s3a://bucket/k"));
}

TEST(Bad, NoCredentialsAndNoBucket) {
  S3Options options;
  options.defaults.no_credentials_reason = "there are no credentials";
  const auto store = NewS3Store(options, "t");
  EXPECT_NE(store->Get("s3a://bucket/k").status().detail().find("there are no credentials"), std::string::npos);
  EXPECT_EQ(store->Get("s3a:///k").status().condition(), "IO_ERROR");
  EXPECT_EQ(store->Get("s3a://bucket").status().condition(), "IO_ERROR");
  EXPECT_EQ(store->Get("s3a://user:pass@bucket/k").status().condition(), "IO_ERROR");
}

// --- a real server ---
class RealServer : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* endpoint = std::getenv("DELTIC_TEST_S3_ENDPOINT");
    if (endpoint == nullptr) GTEST_SKIP() << "DELTIC_TEST_S3_ENDPOINT is not set";
    const char* bucket = std::getenv("DELTIC_TEST_S3_BUCKET");
    options_.defaults.endpoint = endpoint;
    options_.defaults.credentials = {"minioadmin", "minioadmin", ""};
    options_.defaults.part_bytes = 5 << 20;
    options_.defaults.range_bytes = 3 << 20;
    base_ = "s3a://" + std::string(bucket == nullptr ? "warehouse" : bucket) + "/s3_test-" + Random::System()->Uuid();
    store_ = NewS3Store(options_, "t");
  }
  void TearDown() override {
    if (store_ == nullptr) return;
    EXPECT_TRUE(store_->DeleteRecursive(base_).ok());
  }
  S3Options options_;
  std::string base_;
  std::shared_ptr<ObjectStore> store_;
};

TEST_F(RealServer, LargeObject) {
  std::string bytes(17 << 20, '\0');
  SeededRandom random(7);
  for (size_t i = 0; i + 8 <= bytes.size(); i += 8) {
    const uint64_t word = random.Next64();
    bytes.replace(i, 8, reinterpret_cast<const char*>(&word), 8);
  }
  const std::string path = base_ + "/big +%é.bin";
  auto writer = store_->OpenWriter(path).value();
  for (size_t i = 0; i < bytes.size(); i += 1 << 20) {
    ASSERT_TRUE(writer->Append(std::string_view(bytes).substr(i, 1 << 20)).ok());
  }
  EXPECT_EQ(store_->Head(path).status().condition(), "PATH_NOT_FOUND") << "nothing is seen before Finish";
  ASSERT_TRUE(writer->Finish().ok());
  EXPECT_EQ(store_->Head(path)->size_bytes, static_cast<int64_t>(bytes.size()));
  std::string back(bytes.size(), '\0');
  EXPECT_EQ(store_->ReadInto(path, 0, back.data(), static_cast<int64_t>(back.size())).value(),
            static_cast<int64_t>(bytes.size()));
  EXPECT_TRUE(back == bytes);
  EXPECT_EQ(store_->ListRecursive(base_).value()[0].path, path);
  store_->OpenWriter(base_ + "/dropped").value()->Append(std::string(11 << 20, 'x')).ok();
  EXPECT_EQ(store_->Head(base_ + "/dropped").status().condition(), "PATH_NOT_FOUND");
}

TEST_F(RealServer, ManyPages) {
  for (int i = 0; i < 1010; i++) ASSERT_TRUE(store_->Put(base_ + "/d/" + std::to_string(10000 + i), "x").ok());
  EXPECT_EQ(store_->List(base_ + "/d").value().size(), 1010U);
  EXPECT_EQ(store_->List(base_ + "/d", "11005").value().size(), 5U);
}

TEST_F(RealServer, Refusals) {
  options_.defaults.credentials.secret_key = "wrong";
  const auto wrong = NewS3Store(options_, "t")->Get(base_ + "/x").status();
  EXPECT_EQ(wrong.condition(), "IO_ERROR");
  EXPECT_NE(wrong.detail().find("SignatureDoesNotMatch"), std::string::npos) << wrong.detail();
  const auto bucket = store_->Get("s3a://no-such-bucket-here/x").status();
  EXPECT_NE(bucket.detail().find("bucket does not exist"), std::string::npos) << bucket.detail();
}

}  // namespace
}  // namespace deltic::storage::s3
