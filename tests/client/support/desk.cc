#include "tests/client/support/desk.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "client/cli/run.h"
#include "client/sdk/key_file.h"
#include "ledger/base/check.h"
#include "tests/client/support/fake_node.h"
#include "tests/support/fixture.h"

namespace beian::client {
namespace {

constexpr uint32_t kOrganisations = 3;  ///< that have a key

std::string KeyName(uint32_t organisation) {
  return organisation == 1 ? "own" : "own-" + std::to_string(organisation);
}

std::string TakeText(std::FILE* stream) {
  std::string text;
  std::rewind(stream);
  char chunk[4096];
  for (size_t count = 0; (count = std::fread(chunk, 1, sizeof(chunk), stream)) > 0;) {
    text.append(chunk, count);
  }
  std::fclose(stream);
  return text;
}

}  // namespace

Ran RunProgram(const std::vector<std::string>& arguments) {
  const Streams streams{std::tmpfile(), std::tmpfile()};
  Ran ran;
  ran.exit = Run(arguments, streams);
  ran.out = TakeText(streams.out);
  ran.error = TakeText(streams.error);
  return ran;
}

Desk::Desk() : node_(std::make_unique<FakeNode>()) {
  AddKey("cac", node_->fixture().cac);
  for (const auto& [province, key] : node_->fixture().offices) AddKey("office-" + province, key);
  for (uint32_t i = 1; i <= kOrganisations; ++i) AddKey(KeyName(i), MakeClientKey(i));
  folder_.Write("genesis.toml", node_->fixture().text);
  folder_.Write("beian.toml",
                "nodes = [\"" + node_->url() + "\"]\ngenesis = \"genesis.toml\"\nkeys = \".\"\n");
}
Desk::~Desk() = default;

void Desk::AddKey(const std::string& name, const PrivateKey& key) const {
  CHECK(CreateKeyFile(folder_ / (name + ".pem"), key).has_value());
}

Ran Desk::Run(std::vector<std::string> arguments) const {
  arguments.insert(arguments.end(), {"--config", path("beian.toml"), "--quiet", "--lang", "en"});
  return RunProgram(arguments);
}

Answer Desk::Json(std::vector<std::string> arguments) const {
  arguments.insert(arguments.end(), {"-o", "json"});
  return Run(std::move(arguments)).json();
}

std::string Desk::File(uint32_t organisation) const {
  const std::string file = folder_.Write("f.json", OrganisationJson(organisation));
  const Answer row = Json({"filing", "submit", file, "--key", KeyName(organisation),
                           "--disclosures", path("d"), "--again"})["results"][0];
  EXPECT_EQ(row["accepted"], true) << row;
  return row["filing"];
}

std::string Desk::Approve(const std::string& filing) const {
  EXPECT_EQ(Run({"review", "take", filing, "--key", "office-11"}).exit, 0);
  EXPECT_EQ(Run({"review", "forward", filing, "--key", "office-11"}).exit, 0);
  return Json({"review", "approve", filing, "--key", "cac"})["results"][0]["code"];
}

}  // namespace beian::client
