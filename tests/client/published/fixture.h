#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "client/published/published_data.h"

namespace beian::client {

/// The data of the project.
inline PublishedData ProjectData() {
  auto data = LoadPublishedData(BEIAN_SOURCE_DIR "/data");
  EXPECT_TRUE(data.has_value()) << data.error().message;
  return *std::move(data);
}

/// A copy of the data files in which one text may be replaced.
class DataCopy {
 public:
  explicit DataCopy(const std::string& name)
      : folder_(std::filesystem::path(testing::TempDir()) / ("published-" + name)) {
    std::filesystem::create_directories(folder_);
    for (const char* file : {"published-batches.tsv", "published-province-counts.tsv",
                             "published-filings.tsv", "divisions.tsv"}) {
      std::filesystem::copy_file(std::filesystem::path(BEIAN_SOURCE_DIR "/data") / file,
                                 folder_ / file,
                                 std::filesystem::copy_options::overwrite_existing);
    }
  }
  ~DataCopy() { std::filesystem::remove_all(folder_); }
  DataCopy(const DataCopy&) = delete;
  DataCopy& operator=(const DataCopy&) = delete;

  /// Replaces the first occurrence, which must exist.
  void Replace(const std::string& file, const std::string& from, const std::string& to) {
    std::ostringstream text;
    text << std::ifstream(folder_ / file).rdbuf();
    std::string content = text.str();
    const size_t at = content.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    content.replace(at, from.size(), to);
    std::ofstream(folder_ / file) << content;
  }

  /// The message of the error that reading the copy gives; empty when it gives none.
  std::string Fault() const {
    const auto data = LoadPublishedData(folder_);
    return data ? "" : data.error().message;
  }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  const std::filesystem::path folder_;
};

}  // namespace beian::client
