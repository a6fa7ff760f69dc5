#include <gtest/gtest.h>

#include "tests/client/support/desk.h"
#include "tests/client/support/export_of.h"
#include "tests/client/support/fake_node.h"
#include "tests/ledger/verify/small_ledger.h"

namespace beian::client {
namespace {

TEST(ImportCommand, VerifiesAnExportAndSaysWhatItHolds) {
  Desk desk;
  desk.Approve(desk.File(1));
  desk.File(2);
  const std::string file = desk.folder().Write("e.bin", ExportOf(desk.node().ledger()));
  const auto json = desk.Json({"chain", "import", file});
  EXPECT_EQ(json["verdict"], "clean");
  EXPECT_EQ(json["filings"], 2);
  EXPECT_EQ(json["codes"], 1);
  EXPECT_EQ(json["listed"], 0);
  EXPECT_EQ(desk.Run({"chain", "import", desk.path("none")}).exit, 3);
}

}  // namespace
}  // namespace beian::client
