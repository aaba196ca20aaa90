#include "wallet/files.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/support/temp_folder.hpp"
#include "wallet/settings_file.hpp"

using namespace aitbc;
using namespace aitbc::wallet;

namespace {

unsigned mode_of(const std::filesystem::path& path) {
  struct stat found {};
  REQUIRE(::stat(path.c_str(), &found) == 0);
  return found.st_mode & 0777U;
}

}  // namespace

TEST_CASE("a new file is its owner's alone and replaces nothing; a replacement is as private") {
  const test::TempFolder folder;
  const auto path = folder.path() / "key";
  REQUIRE(write_new_file(path, "one"));
  CHECK(mode_of(path) == 0600);
  CHECK(write_new_file(path, "two").error().code == ErrorCode::conflict);
  CHECK(read_small_file(path, 10).value() == "one");
  ::chmod(path.c_str(), 0644);
  CHECK(others_may_read(path));
  REQUIRE(replace_file(path, "three"));
  CHECK(read_small_file(path, 10).value() == "three");
  CHECK_FALSE(others_may_read(path));
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("a file that cannot be written leaves nothing behind") {
  const test::TempFolder folder;
  CHECK(replace_file(folder.path() / "none" / "file", "x").error().code == ErrorCode::io);
  std::filesystem::create_directory(folder.path() / "taken");
  CHECK_FALSE(replace_file(folder.path() / "taken", "x"));
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("settings: every mistake is found, the first by line is told") {
  auto settings =
      SettingsFile::parse("a = 1\nb = \"text\"\nc = 1.5\n[t]\nd = [\"x\", 2]\n", "/etc/some.toml");
  REQUIRE(settings);
  SettingsTable root = settings->root();
  CHECK(root.number("a", 0, 0, 10) == 1);
  CHECK(root.number("b", 7, 0, 10) == 7);
  CHECK(root.milliseconds("c", 0, 0, 10'000) == 1'500);
  SettingsTable table = root.table("t");
  table.texts("d");
  CHECK(settings->finish().error().message == "/etc/some.toml:2: b: takes a whole number from 0 to 10");
  CHECK(SettingsFile::parse("a = \n", "f").error().message.starts_with("f:1: "));
}

TEST_CASE("settings that nobody asks for are refused, also in tables that nobody asks for") {
  auto settings = SettingsFile::parse("a = 1\n[known]\nx = 1\n[unknown]\ny = 1\n", "f");
  REQUIRE(settings);
  SettingsTable root = settings->root();
  root.number("a", 0, 0, 10);
  root.table("known").number("x", 0, 0, 10);
  CHECK(settings->finish().error().message == "f:4: 'unknown' is no setting here");
}

TEST_CASE("paths in settings start at their file's folder") {
  auto settings = SettingsFile::parse("a = \"b/c\"\nd = \"/e\"\n", "/etc/aitbc/some.toml");
  REQUIRE(settings);
  CHECK(settings->root().path("a") == "/etc/aitbc/b/c");
  CHECK(settings->root().path("d") == "/e");
  CHECK(settings->root().path("none").empty());
}
