#include "node/runtime/log.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "tests/node/store/temp_directory.h"

namespace beian {
namespace {

using nlohmann::json;

constexpr uint64_t kTimeMs = 1'550'188'800'123;

TEST(Log, WritesOneObjectWithTimeLevelIdTextAndFields) {
  const std::string line = FormatLogLine(
      LogLevel::kWarning, "peer_lost", "a peer went away",
      {{"peer", "cac"}, {"height", uint64_t{7}}, {"late", true}, {"ms", 1.5}}, kTimeMs);
  EXPECT_EQ(
      line,
      R"({"time":"2019-02-15T00:00:00.123Z","level":"warning","id":"peer_lost",)"
      R"("text":"a peer went away","fields":{"peer":"cac","height":7,"late":true,"ms":1.5}})");
}

TEST(Log, KeepsHostileTextOnOneLineOfAscii) {
  std::string every_octet;
  for (int octet = 0; octet < 256; ++octet) {
    every_octet += static_cast<char>(octet);
  }
  const std::string bidi = "\u202e\u2028北京";
  const std::string line = FormatLogLine(LogLevel::kError, every_octet, bidi + every_octet,
                                         {{"name", every_octet}}, kTimeMs);
  for (const char c : line) {
    EXPECT_TRUE(c >= 0x20 && c < 0x7f) << static_cast<int>(c);
  }
  const json parsed = json::parse(line);
  EXPECT_EQ(parsed["text"].get<std::string>().substr(0, bidi.size()), bidi);
}

TEST(Log, CutsLongTexts) {
  const std::string text(kLogTextBytesMax + 1, 'x');
  const json parsed =
      json::parse(FormatLogLine(LogLevel::kInfo, "a", text, {{"b", text}}, kTimeMs));
  EXPECT_EQ(parsed["text"].get<std::string>().size(), kLogTextBytesMax);
  EXPECT_TRUE(parsed["text"].get<std::string>().ends_with(" [cut]"));
  EXPECT_EQ(parsed["fields"]["b"].get<std::string>().size(), kLogTextBytesMax);
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
  const TempDirectory folder;
  {
    Log log(LogLevel::kWarning, folder / "log");
    log.Debug("a", "a");
    log.Info("b", "b");
    log.Warning("c", "c");
    log.Error("d", "d");
    EXPECT_FALSE(log.Enabled(LogLevel::kInfo));
    EXPECT_TRUE(log.Enabled(LogLevel::kWarning));
  }
  std::istringstream lines(ReadTestFile(folder / "log"));
  std::string ids;
  for (std::string line; std::getline(lines, line);) {
    ids += json::parse(line)["id"].get<std::string>();
  }
  EXPECT_EQ(ids, "cd");
}

TEST(Log, NeverMixesLinesOfThreads) {
  constexpr int kThreads = 4;
  constexpr int kLines = 500;
  const TempDirectory folder;
  {
    Log log(LogLevel::kInfo, folder / "log");
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&log, t] {
        for (int i = 0; i < kLines; ++i) {
          log.Info("line", std::string(200, static_cast<char>('a' + t)), {{"i", i}});
        }
      });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
  }
  std::istringstream lines(ReadTestFile(folder / "log"));
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const json parsed = json::parse(line, nullptr, false);
    ASSERT_TRUE(parsed.is_object()) << line;
    const std::string text = parsed["text"];
    EXPECT_EQ(text, std::string(200, text[0]));
  }
  EXPECT_EQ(count, kThreads * kLines);
}

TEST(Log, KnowsItsLevelsByName) {
  for (const LogLevel level :
       {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError}) {
    EXPECT_EQ(LogLevelFromName(LogLevelName(level)), level);
  }
  EXPECT_FALSE(LogLevelFromName("Info").has_value());
}

}  // namespace
}  // namespace beian
