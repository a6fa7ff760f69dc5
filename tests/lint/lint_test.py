#!/usr/bin/env python3
"""Each check must fail on a planted violation and pass on the same tree without it."""

import os
import tempfile
import unittest

import lint
import source


class PlantedTree(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.write("ledger/base/good.h", "#pragma once\n")
        self.write("ledger/base/good.cc", '#include "ledger/base/good.h"\nint Good() { return 1; }\n')
        self.write("ledger/base/CMakeLists.txt", "beian_library(beian_base SOURCES good.cc)\n")
        self.write("tests/ledger/base/good_test.cc", '#include "ledger/base/good.h"\n')
        self.write("tests/ledger/base/CMakeLists.txt", "beian_test(base_test SOURCES good_test.cc)\n")
        for header in ("node/store/rocks_store.h", "node/store/block_store.h",
                       "node/replica/replica.h", "client/sdk/client.h", "ledger/chain/block.h"):
            self.write(header, "#pragma once\n")

    def write(self, path, text):
        full = os.path.join(self.folder.name, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)

    def findings(self, *checks):
        return lint.run(self.folder.name, checks or list(lint.CHECKS))

    def assert_fails(self, check, path, word):
        lines = self.findings(check)
        self.assertEqual(len(lines), 1, lines)
        self.assertTrue(lines[0].startswith(path + ":"), lines)
        self.assertIn(word, lines[0])

    def assert_clean(self, *checks):
        self.assertEqual(self.findings(*checks), [])

    def test_the_tree_without_violations_is_clean(self):
        self.assert_clean()

    def test_an_include_from_the_right_is_found(self):
        for path, included in (
                ("ledger/base/a.h", "ledger/chain/block.h"),
                ("ledger/chain/a.h", "node/replica/replica.h"),
                ("node/replica/a.h", "node/store/block_store.h"),
                ("node/consensus/a.h", "node/replica/replica.h"),
                ("node/api/a.h", "node/store/rocks_store.h"),
                ("client/sdk/a.h", "node/replica/replica.h"),
                ("client/audit/a.h", "node/store/block_store.h"),
                ("sim/a.h", "node/store/rocks_store.h"),
                ("node/runtime/a.h", "client/sdk/client.h")):
            with self.subTest(path=path, included=included):
                self.write(path, f'#include "{included}"\n')
                self.assert_fails("layers", path, included)
                self.write(path, "")

    def test_a_command_that_only_a_translation_of_the_readme_shows_is_found(self):
        self.write("README.md", "```sh\nmake all\nmake more\n```\n")
        self.write("README.zh-CN.md", "`make text`\n\n```sh\nmake all\n```\n")
        self.assert_clean("readme")
        self.write("README.zh-CN.md", "```sh\nmake all\nmake others\n```\n")
        self.assert_fails("readme", "README.zh-CN.md", "make others")

    def test_a_known_failure_without_its_test_is_found(self):
        page = "tests/KNOWN_FAILURES.md"
        head = "| Failure | What guards here | Test | File |\n| --- | --- | --- | --- |\n"
        self.write("tests/a_test.cc", "TEST_F(Suite, Says) {}\nTEST(Suite,\n     SaysMore) {}\n"
                   "// TEST(Suite, IsNone)\n")
        self.write("tests/b_test.py", "class Suite(TestCase):\n    def test_a(self):\n")
        self.write("tests/fuzz/a_fuzz.cc", "int LLVMFuzzerTestOneInput();\n")
        self.write("tests/scenarios/a.txt", "run 100\n")
        self.write("sim/canaries/plant.py", 'expression("no_sync", ...)\n')
        good = (("Suite.Says", "tests/a_test.cc"), ("Suite.SaysMore", "tests/a_test.cc"),
                ("Suite.test_a", "tests/b_test.py"), ("a_fuzz", "tests/fuzz/a_fuzz.cc"),
                ("a.txt", "tests/scenarios/a.txt"), ("no_sync", "sim/canaries/plant.py"))
        rows = "".join(f"| a | b | `{name}` | `{path}` |\n" for name, path in good)
        self.write(page, head + rows + "## Not shown yet\n" + head + "| a | b | none | none |\n")
        self.assert_clean("failures")
        for name, path, word in (
                ("Suite.Say", "tests/a_test.cc", "has no Suite.Say"),
                ("Other.Says", "tests/a_test.cc", "has no Other.Says"),
                ("Suite.IsNone", "tests/a_test.cc", "has no Suite.IsNone"),
                ("Suite", "tests/a_test.cc", "has no Suite"),
                ("Suite.Says", "tests/c_test.cc", "there is no tests/c_test.cc"),
                ("Suite.test_b", "tests/b_test.py", "has no Suite.test_b"),
                ("b_fuzz", "tests/fuzz/a_fuzz.cc", "has no b_fuzz"),
                ("b.txt", "tests/scenarios/a.txt", "has no b.txt"),
                ("no_syn", "sim/canaries/plant.py", "has no no_syn")):
            with self.subTest(name=name, path=path):
                self.write(page, head + f"| a | b | `{name}` | `{path}` |\n")
                self.assert_fails("failures", page, word)
        for row in ("| a | b | none | none |", "| a | b | `Suite.Says` |", "| a | `b` |",
                    "| a | b | Suite.Says | `tests/a_test.cc` |"):
            with self.subTest(row=row):
                self.write(page, head + row + "\n")
                self.assert_fails("failures", page, "a row is")

    def test_includes_from_the_left_are_allowed(self):
        self.write("sim/a.h", '#include "node/store/block_store.h"\n#include "node/replica/replica.h"\n')
        self.write("node/runtime/a.h", '#include "node/store/rocks_store.h"\n')
        self.write("client/audit/a.h", '#include "client/sdk/client.h"\n')
        self.assert_clean("layers", "includes")

    def test_openssl_outside_crypto_is_found(self):
        self.write("ledger/chain/a.h", "#include <openssl/evp.h>\n")
        self.assert_fails("layers", "ledger/chain/a.h", "OpenSSL")

    def test_a_relative_include_is_found(self):
        self.write("ledger/base/a.h", '#include "good.h"\n')
        self.assert_fails("includes", "ledger/base/a.h", "good.h")

    def test_clocks_threads_and_chance_are_found_in_pure_folders(self):
        for line in ("#include <thread>", "#include <mutex>", "#include <chrono>",
                     "#include <random>", "#include <fstream>", "#include <unordered_map>",
                     "std::random_device device;", "long now = time(nullptr);", "return time(nullptr);",
                     "auto now = std::chrono::steady_clock::now();", 'FILE* f = fopen("x", "r");'):
            for folder in ("ledger/base", "node/consensus", "node/mempool", "node/replica", "sim"):
                with self.subTest(line=line, folder=folder):
                    self.write(f"{folder}/a.h", line + "\n")
                    self.assertTrue(self.findings("purity"))
                    self.write(f"{folder}/a.h", "")
        self.write("node/net/a.h", "#include <thread>\n")
        self.write("sim/command/run.cc", "#include <chrono>\n")
        self.write("sim/b.h", "// a thread: std::thread\nTimeMs header_time(int);\nint t = header.time();\n"
                   "const TimeMs time(5);\n")
        self.assert_clean("purity")

    def test_a_long_file_is_found(self):
        self.write("node/net/a.cc", "int a;\n" * (lint.FILE_LINES_MAX + 1))
        self.assert_fails("sizes", "node/net/a.cc", "601 lines")
        self.write("node/net/a.cc", "int a;\n" * lint.FILE_LINES_MAX)
        self.assert_clean("sizes")

    def test_a_wide_line_is_found_by_its_characters(self):
        self.write("node/net/a.h", "// " + "北" * 97 + "\n")
        self.assert_clean("columns")
        self.write("node/net/a.h", "// " + "北" * 98 + "\n")
        self.assert_fails("columns", "node/net/a.h", "101 columns")

    def test_a_long_function_is_found(self):
        body = "  Step();  // }\n" * (lint.FUNCTION_LINES_MAX - 2)
        long = "int x = 1'000;\nWidget::Widget(int a)\n    : a_{a}, b_{2} {\n" + body + "}\n"
        self.write("node/net/a.cc", "namespace beian {\n" + long + "}\n")
        self.assert_fails("functions", "node/net/a.cc", "Widget::Widget has 71 lines")
        self.write("node/net/a.cc", "namespace beian {\nvoid Run() {\n" + body + "}\n}\n")
        self.assert_clean("functions")

    def test_functions_of_classes_lambdas_and_tables_are_told_apart(self):
        text = ("class A {\n public:\n  int b() const { return b_; }\n  int b_ = 0;\n};\n"
                "constexpr int kTable[] = {1, 2};\n"
                "void C() {\n  auto d = [](int e) { return e; };\n  for (;;) {\n  }\n}\n"
                "TEST(Suite, Says) {\n}\n")
        self.assertEqual(source.functions(text), [("b", 3, 1), ("C", 7, 5), ("TEST", 12, 2)])

    def test_a_default_over_an_enum_is_found(self):
        head = "int F(Kind k) {\n  switch (k) {\n    case Kind::kOne: { return 1; }\n"
        self.write("client/sdk/a.cc", head + "    default: return 0;\n  }\n}\n")
        self.assert_fails("switches", "client/sdk/a.cc", "default")
        self.write("client/sdk/a.cc", head + "  }\n  switch (c) {\n    case 'a': return 1;\n"
                   "    default: return 0;\n  }\n}\n")
        self.assert_clean("switches")

    def test_a_disabled_test_is_found(self):
        for word in ("DISABLED_Says", "GTEST_SKIP"):
            self.write("tests/ledger/base/good_test.cc", f"TEST(A, {word}) {{}}\n")
            self.assert_fails("disabled", "tests/ledger/base/good_test.cc", word)

    def test_a_postponement_is_found_but_not_a_template_of_a_file_name(self):
        self.write("node/net/a.h", "// TO" + "DO: later\n")
        self.assert_fails("words", "node/net/a.h", "finish it")
        self.write("node/net/a.h", 'const char* kName = ".XXXXXX";\n')
        self.assert_clean("words")

    def test_checks_of_a_forge_are_found(self):
        self.write(".github/workflows/a.yaml", "on: push\n")
        self.assert_fails("words", ".github", ".ci/run")

    def test_a_file_that_no_target_lists_is_found(self):
        self.write("tests/ledger/base/lone_test.cc", "")
        self.assert_fails("listed", "tests/ledger/base/lone_test.cc", "no CMakeLists.txt")
        self.write("tests/ledger/base/CMakeLists.txt",
                   "beian_test(base_test SOURCES good_test.cc)  # lone_test.cc\n")
        self.assert_fails("listed", "tests/ledger/base/lone_test.cc", "no CMakeLists.txt")
        self.write("tests/ledger/base/CMakeLists.txt",
                   "beian_test(base_test SOURCES good_test.cc all_lone_test.cc)\n")
        self.assert_fails("listed", "tests/ledger/base/lone_test.cc", "no CMakeLists.txt")

    def test_a_source_without_a_mirrored_test_is_found(self):
        self.write("ledger/base/lone.cc", "")
        self.assert_fails("mirror", "ledger/base/lone.cc", "no test")
        self.write("tests/ledger/base/lone_more_test.cc", "")
        self.assert_clean("mirror")
        self.write("ledger/base/good_parts.cc", "")  # a part of what good_test.cc tests
        self.assert_clean("mirror")

    def test_an_exception_silences_one_finding_and_is_itself_checked(self):
        path = "tests/lint/exceptions.txt"
        self.write("ledger/base/lone.cc", "")
        self.write(path, "ceiling 1\nmirror ledger/base/lone.cc test glue, tested by the cluster\n")
        self.assert_clean("mirror", "layers")
        self.write("tests/ledger/base/lone_test.cc", "")
        self.assert_fails("mirror", path, "no longer needed")
        for text in ("ceiling 0\nmirror a.cc test reason\n", "ceiling 2\nmirror a.cc test reason\n",
                     "mirror a.cc test reason\n", "ceiling 1\nmirror a.cc test\n",
                     "ceiling 2\nmirror a.cc test reason\nmirror a.cc test reason\n",
                     "ceiling 1\nnothing a.cc test reason\n"):
            with self.subTest(text=text):
                self.write(path, text)
                self.assertEqual(len(self.findings("layers")), 1)


if __name__ == "__main__":
    unittest.main()
