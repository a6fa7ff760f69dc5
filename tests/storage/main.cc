#include <CLI/CLI.hpp>
#include <cstdio>

#include "tests/storage/faults.h"

// beian-storage: what a node's storage makes of a damaged and of a failing disk.
namespace beian::storage {
namespace {

int Main(int argc, char** argv) {
  CLI::App app("beian-storage: hurts the data of a node and judges what its start makes of it");
  app.require_subcommand(1)->fallthrough();
  CampaignOptions options;
  std::string json_file;
  app.add_option("--sample", options.sample, "cases of each row or scenario; 0: all");
  app.add_option("--seed", options.seed, "chooses the bits and the sample");
  app.add_option("--jobs", options.jobs, "processes at a time")->check(CLI::Range(1, 64));
  app.add_option("--only", options.only, "this row, and others when repeated");
  app.add_option("--json", json_file, "write the table here too");
  CLI::App* const flips = app.add_subcommand("flips", "one bit at a time");
  app.add_subcommand("faults", "one failing system call at a time");
  CLI11_PARSE(app, argc, argv);

  const Ground ground;
  Table table;
  if (flips->parsed()) {
    FlipBits(ground, options, table);
  } else {
    FailCalls(ground, options, table);
  }
  table.Print();
  if (!json_file.empty()) WriteTestFile(json_file, table.Json());
  return table.good() ? 0 : 1;
}

}  // namespace
}  // namespace beian::storage

int main(int argc, char** argv) { return beian::storage::Main(argc, argv); }
