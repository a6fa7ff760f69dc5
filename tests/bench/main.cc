#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "tests/bench/ceiling.h"
#include "tests/bench/load.h"
#include "tests/bench/target.h"

namespace beian::bench {
namespace {

using Json = nlohmann::json;

struct Options {
  std::string cluster;
  std::string json;
  bool quick = false;
};

Json ToJson(const Result& result) {
  return {{"per_second", result.per_second}, {"p50_ms", result.p50_ms}, {"p99_ms", result.p99_ms},
          {"seconds", result.seconds},       {"filings", result.filings}};
}

void Print(const std::string& name, const Result& result) {
  std::printf("%-12s %8.0f filings/s   p50 %8.1f ms   p99 %8.1f ms   %llu filings in %.1f s\n",
              name.c_str(), result.per_second, result.p50_ms, result.p99_ms,
              static_cast<unsigned long long>(result.filings), result.seconds);
}

struct Usage {
  std::vector<double> cpu;
  uint64_t disk = 0;
};

Usage Measure(const Target& target) {
  Usage usage;
  for (const Target::Node& node : target.nodes) usage.cpu.push_back(CpuSeconds(node.pid));
  usage.disk = DiskBytes(target.nodes[0].data_dir + "/store");
  return usage;
}

/// CPU of each node while `run` ran, as a share of one core, and what a filing takes on disk.
template <class Run>
Json WithUsage(const Target& target, Run run) {
  const Usage before = Measure(target);
  const Result result = run();
  const Usage after = Measure(target);
  Json json = ToJson(result);
  std::printf("             CPU of a core:");
  for (size_t i = 0; i < target.nodes.size(); ++i) {
    const double share = (after.cpu[i] - before.cpu[i]) / result.seconds;
    json["cpu"][target.nodes[i].name] = share;
    std::printf(" %s %.0f %%", target.nodes[i].name.c_str(), 100 * share);
  }
  const double bytes = static_cast<double>(after.disk - before.disk) /
                       static_cast<double>(result.filings);
  json["disk_bytes_per_filing"] = bytes;
  std::printf("; %.0f octets of store a filing\n", bytes);
  return json;
}

int Run(const Options& options) {
  const Target target = LoadTarget(options.cluster);
  Json report = {{"schema", "beian.bench.v1"}, {"nodes", target.nodes.size()}};
  for (const Target::Node& node : target.nodes) {
    report["rest_bytes"][node.name] = ResidentBytes(node.pid);
  }
  const size_t providers_count = options.quick ? 500 : 3'000;
  const auto providers = MakeProviders(target, providers_count);

  const Result single = RunSingle(target, SignFilings(target, providers, options.quick ? 50 : 300));
  Print("single", single);
  report["single"] = ToJson(single);

  const auto filings = SignFilings(target, providers, options.quick ? 4'000 : 24'000);
  std::printf("a filing's transaction is %zu octets\n", filings[0]->wire().size());
  report["individual"] = WithUsage(target, [&] {
    const Result result = RunLoad(target, filings, 32, 32);
    Print("individual", result);
    return result;
  });
  const double ceiling = MeasureCeiling(target, filings, target.nodes.size(), 500);
  const double share = report["individual"]["per_second"].get<double>() / ceiling;
  report["individual"]["ceiling_per_second"] = ceiling;
  report["individual"]["share_of_ceiling"] = share;
  std::printf("%-12s %8.0f filings/s when %zu processes only verify and store; reached: %.0f %%\n",
              "ceiling", ceiling, target.nodes.size(), 100 * share);

  const auto bulk = SignBulk(target, providers, options.quick ? 100 : 600, 100);
  report["bulk"] = WithUsage(target, [&] {
    const Result result = RunLoad(target, bulk, 32, 1);
    Print("bulk", result);
    return result;
  });
  if (!options.json.empty()) {
    std::ofstream file(options.json);
    file << report.dump(2) << '\n';
    if (!file) Fail("cannot write " + options.json);
  }
  return 0;
}

}  // namespace
}  // namespace beian::bench

int main(int argc, char** argv) {
  CLI::App app("Loads a running local cluster and measures it");
  beian::bench::Options options;
  app.add_option("--cluster", options.cluster, "folder of the cluster")->required();
  app.add_option("--json", options.json, "write the figures to FILE");
  app.add_flag("--quick", options.quick, "a few thousand filings only");
  CLI11_PARSE(app, argc, argv);
  return beian::bench::Run(options);
}
