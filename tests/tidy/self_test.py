#!/usr/bin/env python3
"""Each tidy rule must be able to fail, and must let good code pass."""

import pathlib
import subprocess
import tempfile
import unittest

import levels
import rules

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Tree(unittest.TestCase):
    """A small source tree in a temporary folder."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def header(self, path, *includes, body=""):
        self.write(path, "#pragma once\n" + "".join(f"#include {one}\n" for one in includes) + body)

    def assert_only(self, problems, *parts):
        """Exactly one problem, and it says all of `parts`."""
        self.assertEqual(len(problems), 1, problems)
        for part in parts:
            self.assertIn(part, problems[0])


class Levels(Tree):
    def setUp(self):
        super().setUp()
        for room in levels.ALLOWED:
            self.header(f"{room}/own.hpp")

    def include(self, includer, written):
        self.header(includer, written)
        return levels.check(self.root)

    def test_every_include_down_is_allowed_and_every_other_is_not(self):
        for room, allowed in levels.ALLOWED.items():
            for target in levels.ALLOWED:
                problems = self.include(f"{room}/probe.hpp", f'"{target}/own.hpp"')
                if target == room or target in allowed:
                    self.assertEqual(problems, [])
                else:
                    self.assert_only(problems, f"{room}/probe.hpp:2:", f"{room} may not include {target}")
            (self.root / room / "probe.hpp").unlink()

    def test_no_two_rooms_may_include_each_other(self):
        for room, allowed in levels.ALLOWED.items():
            for target in allowed:
                self.assertNotIn(room, levels.ALLOWED[target])

    def test_what_a_room_may_include_it_may_include_with_all_below(self):
        for room, allowed in levels.ALLOWED.items():
            for target in allowed:
                self.assertLessEqual(levels.ALLOWED[target], allowed, f"{room} -> {target}")

    def test_core_by_its_short_path(self):
        self.assertEqual(self.include("core/types/probe.hpp", '"codec/own.hpp"'), [])
        self.assert_only(self.include("core/types/probe.hpp", '"execution/own.hpp"'), "may not include core/execution")

    def test_the_five_do_not_include_each_other(self):
        self.assert_only(self.include("mempool/probe.cpp", '"genesis/own.hpp"'), "mempool may not include genesis")

    def test_folders_inside_a_room_belong_to_it(self):
        self.header("consensus/qbft/engine.hpp")
        self.assertEqual(self.include("consensus/qbft/probe.hpp", '"consensus/qbft/engine.hpp"'), [])
        self.assert_only(self.include("consensus/qbft/probe.hpp", '"mempool/own.hpp"'), "consensus may not include mempool")

    def test_the_command_line_may_read_the_call_table_only(self):
        self.header("marketplace/abi.hpp")
        self.header("marketplace/abi_form.hpp")
        self.assertEqual(self.include("wallet/cli/probe.cpp", '"marketplace/abi.hpp"'), [])
        self.assertEqual(self.include("wallet/cli/probe.cpp", '"marketplace/abi_form.hpp"'), [])
        self.assert_only(self.include("wallet/cli/probe.cpp", '"marketplace/own.hpp"'), "wallet/cli may not include marketplace")
        self.write("wallet/cli/probe.cpp", "")
        self.assert_only(self.include("wallet/probe.cpp", '"marketplace/abi.hpp"'), "wallet may not include marketplace")

    def test_tests_and_benchmarks_are_included_by_nobody(self):
        self.header("tests/support/vectors.hpp", '"node/own.hpp"')
        self.header("bench/load/load.hpp")
        self.assert_only(self.include("node/probe.cpp", '"tests/support/vectors.hpp"'), "is in no room")
        self.assert_only(self.include("node/probe.cpp", '"bench/load/load.hpp"'), "is in no room")

    def test_a_folder_without_a_level(self):
        self.header("attic/old.hpp")
        self.assert_only(levels.check(self.root), "attic/old.hpp", "no level")

    def test_an_include_that_is_no_full_path(self):
        self.assert_only(self.include("mempool/probe.cpp", '"own.hpp"'), "is no path from the root")
        self.assert_only(self.include("mempool/probe.cpp", '"../mempool/own.hpp"'), "is no path from the root")

    def test_a_generated_header(self):
        self.write("node/version.hpp.in", "#pragma once\n")
        self.assertEqual(self.include("node/probe.cpp", '"node/version.hpp"'), [])

    def test_heavy_libraries_in_public_headers(self):
        for heavy in ["boost/asio.hpp", "boost/asio/io_context.hpp", "boost/beast/http.hpp", "boost/json.hpp",
                      "boost/json/value.hpp", "rocksdb/db.h", "openssl/evp.h"]:
            self.assert_only(self.include("core/http/probe.hpp", f"<{heavy}>"), "public header", heavy)
        self.assertEqual(self.include("core/http/probe.hpp", "<boost/unordered/unordered_flat_map.hpp>"), [])
        self.assertEqual(self.include("core/http/probe.cpp", "<boost/asio.hpp>"), [])

    def test_private_headers_are_their_rooms_own(self):
        self.header("core/http/impl/session.hpp", "<boost/asio.hpp>")
        self.assertEqual(self.include("core/http/probe.cpp", '"core/http/impl/session.hpp"'), [])
        (self.root / "core/http/probe.cpp").unlink()
        self.assert_only(self.include("node/rpc/probe.cpp", '"core/http/impl/session.hpp"'), "private to core/http")

    def test_a_commented_include_counts_for_nothing(self):
        self.write("core/base/probe.cpp", '// #include "node/own.hpp"\n')
        self.assertEqual(levels.check(self.root), [])


class Rules(Tree):
    def code(self, text, path="marketplace/probe.cpp"):
        self.write(path, text)
        return rules.check(self.root)

    def test_length(self):
        self.assertEqual(self.code("int x;\n" * 500), [])
        self.assert_only(self.code("int x;\n" * 501), "probe.cpp:1:", "501 lines")

    def test_long_tables_are_data(self):
        self.assertEqual(self.code("// words\nconst char* k[] = {\n" + '    "abandon", "ability",\n' * 600 + "};\n"), [])
        self.assertEqual(self.code("{\n" + "0x1234, 5'000,\n" * 600 + "}\n"), [])

    def test_unfinished_work(self):
        for word in ["TO" + "DO", "FIX" + "ME"]:
            self.assert_only(self.code(f"int x;\n// {word}: later\n"), "probe.cpp:2:", word)
            self.assertEqual(self.code(f"int {word.lower()};\n"), [])

    def test_pragma_once(self):
        self.assert_only(self.code("int f();\n", "wallet/probe.hpp"), "wallet/probe.hpp:1:", "#pragma once")

    def test_floats(self):
        self.assert_only(self.code("\ndouble price = 1;\n"), "probe.cpp:2:", "floating-point", "double")
        self.assert_only(self.code("auto x = static_cast<float>(y);\n"), "float")
        self.assertEqual(self.code('// a float\nconst char* k = "double";\nint floating = 0; /* double */\n'), [])

    def test_clocks(self):
        for clock in ["std::chrono::system_clock::now()", "Clock::now ()", "time(nullptr)", "std::time(&t)",
                      "clock_gettime(CLOCK_REALTIME, &t)", "std::clock()"]:
            self.assert_only(self.code(f"auto t = {clock};\n"), "a clock")
        self.assertEqual(self.code("Seconds time() const; block.time(); std::chrono::system_clock::time_point t;\n"), [])

    def test_randomness(self):
        for random in ["#include <random>", "std::mt19937_64 engine;", "std::random_device d;", "int x = rand();",
                       "std::shuffle(a, b, c);", "getrandom(p, 8, 0);", "RAND_bytes(p, 8);"]:
            self.assert_only(self.code(random + "\n"), "randomness")
        self.assertEqual(self.code("int operand(int); int x = operand(1);\n"), [])

    def test_the_system_s_random_source_is_for_keys(self):
        self.assertEqual(self.code("RAND_priv_bytes(p, 8);\n", "core/crypto/keys.cpp"), [])
        self.assert_only(self.code("RAND_priv_bytes(p, 8);\n", "core/types/keys.cpp"), "randomness")

    def test_unordered_iteration(self):
        member = "std::unordered_map<int, std::vector<int>> table_;\n"
        for walk in ["for (auto& [k, v] : table_) {}", "for (const auto& x : this->table_) {}",
                     "auto it = table_.begin();", "std::copy(table_.cbegin(), e, o);"]:
            self.assert_only(self.code(member + walk + "\n"), "probe.cpp:2:", "walks the unordered table_")
        self.assertEqual(self.code(member + "table_.find(3); for (int x : other) {} table_.end();\n"), [])

    def test_unordered_iteration_of_a_member_declared_elsewhere(self):
        self.write("core/execution/table.hpp", "#pragma once\nboost::unordered_flat_set<Hash, H> seen_;\n")
        self.assert_only(self.code("for (const Hash& one : seen_) use(one);\n", "core/execution/table.cpp"), "seen_")

    def test_unordered_iteration_through_an_alias(self):
        text = "using Index = boost::unordered_flat_map<Address, int, Hasher>;\nIndex index;\nfor (auto& x : index) {}\n"
        self.assert_only(self.code(text), "probe.cpp:3:", "index")

    def test_other_rooms_may_use_clocks_and_floats(self):
        self.assertEqual(self.code("double x = Clock::now(); for (auto& y : std::unordered_set<int>()) {}\n", "node/probe.cpp"), [])

    def test_literals_do_not_hide_code(self):
        self.assert_only(self.code("char c = '\"'; double d; // \"\n"), "double")
        self.assert_only(self.code("auto n = 1'000; double d = 2'0;\n"), "double")
        self.assert_only(self.code('auto r = R"x(" )x"; double d;\n'), "double")
        self.assertEqual(self.code('auto r = R"x( double " )x";\n'), [])


class Format(Tree):
    def test_the_format_check_can_fail(self):
        if subprocess.run(["which", "clang-format"], capture_output=True, check=False).returncode != 0:
            self.skipTest("clang-format is not installed")
        self.write(".clang-format", (ROOT / ".clang-format").read_text(encoding="utf-8"))
        self.write("scripts/format", (ROOT / "scripts/format").read_text(encoding="utf-8"))
        (self.root / "scripts/format").chmod(0o755)

        def check(*arguments):
            return subprocess.run([self.root / "scripts/format", *arguments], capture_output=True, check=False).returncode

        self.write("core/base/good.cpp", "int x = 1;\n")
        self.assertEqual(check("--check"), 0)
        self.write("core/base/bad.cpp", "int   x=1 ;\n")
        self.assertEqual(check("--check"), 1)
        self.assertEqual(check(), 0)
        self.assertEqual(check("--check"), 0)
        self.assertEqual((self.root / "core/base/bad.cpp").read_text(encoding="utf-8"), "int x = 1;\n")


if __name__ == "__main__":
    unittest.main()
