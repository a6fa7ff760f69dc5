#pragma once

#include <string_view>

namespace beian {

/// The octets of node/api/openapi.yaml.
std::string_view OpenApiYaml();

}  // namespace beian
