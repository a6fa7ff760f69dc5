#include "node/net/hello.h"

#include <gtest/gtest.h>

#include "node/net/host_port.h"
#include "node/net/note_limiter.h"

namespace beian {
namespace {

ChainId ChainOf(char octet) {
  return ChainId::FromBytes(Bytes(ChainId::kSize, octet));
}
const Greeting kOwn{1, ChainOf('\x11'), ValidatorIndex(0)};
const Greeting kOther{1, ChainOf('\x11'), ValidatorIndex(3)};

TEST(Hello, WritesTheGoldenOctets) {
  EXPECT_EQ(ToHex(EncodeHello(kOther)),
            "626569616e" "01" "0001" "00000001"
            "1111111111111111111111111111111111111111111111111111111111111111" "0003");
  EXPECT_EQ(ToHex(EncodeWelcome({Verdict::kWrongChain, kOther})),
            "626569616e" "02" "0001" "00000001"
            "1111111111111111111111111111111111111111111111111111111111111111" "0003" "02");
}

TEST(Hello, GivesBackBothGreetings) {
  EXPECT_EQ(DecodeHello(EncodeHello(kOther)), kOther);
  for (uint8_t i = 0; i <= 4; ++i) {
    const Welcome welcome{static_cast<Verdict>(i), kOther};
    EXPECT_EQ(DecodeWelcome(EncodeWelcome(welcome)), welcome);
  }
  EXPECT_LE(EncodeWelcome({}).size(), kHelloBytesMax);
}

TEST(Hello, RefusesTheOneInPlaceOfTheOther) {
  EXPECT_FALSE(DecodeHello(EncodeWelcome({})).has_value());
  EXPECT_FALSE(DecodeWelcome(EncodeHello({})).has_value());
}

TEST(Hello, RefusesTruncationAndTrailingOctets) {
  const Bytes hello = EncodeHello(kOther);
  const Bytes welcome = EncodeWelcome({Verdict::kWelcome, kOther});
  for (size_t i = 0; i < hello.size(); ++i) EXPECT_FALSE(DecodeHello(hello.substr(0, i)));
  for (size_t i = 0; i < welcome.size(); ++i) EXPECT_FALSE(DecodeWelcome(welcome.substr(0, i)));
  EXPECT_FALSE(DecodeHello(hello + '\0'));
  EXPECT_FALSE(DecodeWelcome(welcome + '\0'));
}

TEST(Hello, RefusesAnotherMagicFormatAndVerdict) {
  Bytes hello = EncodeHello(kOther);
  for (const size_t offset : {0u, 4u, 5u, 6u, 7u}) {
    Bytes broken = hello;
    broken[offset] = static_cast<char>(broken[offset] + 1);
    EXPECT_FALSE(DecodeHello(broken)) << offset;
  }
  Bytes welcome = EncodeWelcome({});
  welcome.back() = 5;
  EXPECT_FALSE(DecodeWelcome(welcome));
}

TEST(Hello, WelcomesAPeerOfTheSameChainAndVersion) {
  EXPECT_EQ(Judge(kOwn, kOther, ValidatorIndex(3)), Verdict::kWelcome);
}

TEST(Hello, NamesBothChainsWhenTheyDiffer) {
  const Greeting stranger{9, ChainOf('\x22'), ValidatorIndex(3)};
  EXPECT_EQ(Judge(kOwn, stranger, ValidatorIndex(3)), Verdict::kWrongChain);
  const std::string text = DescribeVerdict(Verdict::kWrongChain, kOwn, stranger);
  EXPECT_NE(text.find(kOwn.chain_id.hex()), std::string::npos);
  EXPECT_NE(text.find(stranger.chain_id.hex()), std::string::npos);
}

TEST(Hello, RefusesAnotherVersionAndAnotherIndex) {
  const Greeting newer{2, kOwn.chain_id, ValidatorIndex(3)};
  EXPECT_EQ(Judge(kOwn, newer, ValidatorIndex(3)), Verdict::kWrongVersion);
  EXPECT_EQ(Judge(kOwn, kOther, ValidatorIndex(2)), Verdict::kWrongIndex);
  EXPECT_EQ(Judge(kOwn, kOwn, ValidatorIndex(0)), Verdict::kWrongIndex);
}

TEST(HostPort, ReadsNamesAndAddresses) {
  EXPECT_EQ(ParseHostPort("127.0.0.1:7001"), (HostPort{"127.0.0.1", 7001}));
  EXPECT_EQ(ParseHostPort("node-1.example:0"), (HostPort{"node-1.example", 0}));
  EXPECT_EQ(ParseHostPort("[::1]:65535"), (HostPort{"::1", 65535}));
}

TEST(HostPort, RefusesEverythingElse) {
  for (const char* text : {"", ":", "host", "host:", ":1", "host:65536", "host:-1", "host:+1",
                           "host:1x", "host: 1", "::1:7001", "[]:1", "[::1]", "[::1]7001"}) {
    EXPECT_FALSE(ParseHostPort(text).has_value()) << text;
  }
}

TEST(NoteLimiter, LetsARepeatedComplaintThroughAfterAWhile) {
  NoteLimiter limiter;
  const NoteLimiter::Clock::time_point start;
  EXPECT_TRUE(limiter.Allows("a", start));
  EXPECT_FALSE(limiter.Allows("a", start));
  EXPECT_TRUE(limiter.Allows("b", start));
  EXPECT_FALSE(limiter.Allows("a", start + NoteLimiter::kRepeatAfter - std::chrono::seconds(1)));
  EXPECT_TRUE(limiter.Allows("a", start + NoteLimiter::kRepeatAfter));
}

TEST(NoteLimiter, IsBoundedAndRecovers) {
  NoteLimiter limiter;
  const NoteLimiter::Clock::time_point start;
  size_t allowed = 0;
  for (int i = 0; i < 10'000; ++i) allowed += limiter.Allows(std::to_string(i), start) ? 1 : 0;
  EXPECT_EQ(allowed, NoteLimiter::kSubjectsMax);
  EXPECT_TRUE(limiter.Allows("later", start + NoteLimiter::kRepeatAfter));
}

}  // namespace
}  // namespace beian
