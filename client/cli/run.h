#pragma once

#include <cstdio>
#include <string>
#include <vector>

namespace beian::client {

struct Streams {
  std::FILE* out = stdout;
  std::FILE* error = stderr;
};

/// The whole program: parses, runs, prints; the exit code. No exception leaves it.
int Run(const std::vector<std::string>& arguments, const Streams& streams);

}  // namespace beian::client
