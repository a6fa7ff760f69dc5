#include "sim/command/program.h"

int main(int argc, char** argv) { return beian::sim::RunProgram(argc, argv, {}); }
