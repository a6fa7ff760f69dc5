#include "client/cli/run.h"

int main(int argc, char** argv) {
  return beian::client::Run(std::vector<std::string>(argv + 1, argv + argc), {});
}
