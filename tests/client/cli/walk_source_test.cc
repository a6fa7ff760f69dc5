#include "client/cli/walk_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beian::client {
namespace {

TEST(WalkSource, TheExitIsZeroOnlyWhenEverythingWasChecked) {
  AuditReport report;
  EXPECT_EQ(ExitOfAudit(report), Exit::kUnchecked) << "there was no block";
  report.blocks = 1;
  EXPECT_EQ(ExitOfAudit(report), Exit::kOk);
  report.failure = ClientError{};
  EXPECT_EQ(ExitOfAudit(report), Exit::kUnchecked);
  report.interrupted = true;
  EXPECT_EQ(ExitOfAudit(report), Exit::kInterrupted);
  report.finding = Finding{};
  EXPECT_EQ(ExitOfAudit(report), Exit::kInvalid);
}

TEST(WalkSource, NamesBothValuesOfAFinding) {
  AuditReport report;
  report.blocks = 3;
  report.tip.height = Height(3);
  report.finding = Finding{"audit.bad_map_root", 4, 7, "aa", "bb\x1b", "Replaying differs."};
  Session session({}, Connection());
  const std::string text = AuditText(session, Values(), report, Genesis());
  for (const char* part : {"audit.bad_map_root", "aa", "bb\\u{1b}", "7", "beian chain block 4",
                           "(blocks 1 to 3 are good)"}) {
    EXPECT_THAT(text, testing::HasSubstr(part));
  }
}

}  // namespace
}  // namespace beian::client
