#include "node/api/openapi.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "node/api/route_table.h"
#include "tests/node/store/temp_directory.h"

namespace beian {
namespace {

using Method = HttpRequest::Method;

/// "get /v1/status" for each operation, by the indentation of the paths section.
std::set<std::string> DescribedOperations() {
  std::set<std::string> operations;
  std::istringstream lines{std::string(OpenApiYaml())};
  bool in_paths = false;
  std::string path;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(' ')) {
      in_paths = line == "paths:";
    } else if (in_paths && line.starts_with("  /")) {
      path = line.substr(2, line.size() - 3);
    } else if (in_paths && line.starts_with("    ") && line[4] != ' ') {
      operations.insert(line.substr(4, line.size() - 5) + " " + path);
    }
  }
  return operations;
}

TEST(OpenApi, DescribesEveryRouteAndNoOther) {
  std::set<std::string> routes;
  for (const RouteName& route : ApiServer::Routes()) {
    routes.insert((route.method == Method::kPost ? "post " : "get ") + std::string(route.pattern));
  }
  EXPECT_EQ(DescribedOperations(), routes);
}

TEST(OpenApi, DescribesEveryParameter) {
  const std::string yaml(OpenApiYaml());
  for (const api::Route& route : api::RouteTable()) {
    const size_t begin = yaml.find("\n  " + std::string(route.name.pattern) + ":\n");
    ASSERT_NE(begin, std::string::npos);
    const std::string section = yaml.substr(begin, yaml.find("\n  /", begin + 1) - begin);
    for (const std::string_view parameter : route.parameters) {
      const std::string name(parameter);
      const bool here = section.find("name: " + name) != std::string::npos;
      const bool shared = (name == "cursor" && section.find("/Cursor'") != std::string::npos) ||
                          (name == "count" && section.find("/Count'") != std::string::npos) ||
                          (name == "wait_ms" && section.find("/WaitMs'") != std::string::npos);
      EXPECT_TRUE(here || shared) << route.name.pattern << " " << name;
    }
  }
}

TEST(OpenApi, IsTheFileOctetForOctet) {
  EXPECT_EQ(OpenApiYaml(), ReadTestFile(std::string(BEIAN_SOURCE_DIR) + "/node/api/openapi.yaml"));
}

}  // namespace
}  // namespace beian
