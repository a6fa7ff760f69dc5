#pragma once

#include <cstdio>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/sdk/client.h"
#include "client/sdk/error.h"
#include "ledger/verify/chain_walk.h"

namespace beian::client {

/// Blocks of a chain from height 1 on, in order; nothing in them is checked. One thread.
/// Implementations: ExportFile, NodeSource.
class BlockSource {
 public:
  virtual ~BlockSource() = default;
  /// Nothing at the end.
  virtual std::expected<std::optional<StoredBlock>, ClientError> Next() = 0;
  /// How far it reaches, by its own word; 0: not known.
  virtual uint64_t tip() const = 0;
  /// For people: a URL, a file.
  virtual const std::string& name() const = 0;
};

/// A file of ledger/verify/export_file.h, or a stream of it.
class ExportFile : public BlockSource {
 public:
  /// Refuses a file that is no export or of another chain. "-" is standard input.
  static std::expected<ExportFile, ClientError> Open(const std::string& file, const ChainId& chain);
  /// Takes the stream over; `name` is for messages.
  static std::expected<ExportFile, ClientError> FromStream(std::FILE* stream, std::string name,
                                                           const ChainId& chain);

  std::expected<std::optional<StoredBlock>, ClientError> Next() override;
  uint64_t tip() const override { return 0; }
  const std::string& name() const override { return name_; }
  /// Octets read so far, up to the end of a whole block.
  uint64_t offset() const { return offset_; }

 private:
  struct Closer {
    void operator()(std::FILE* stream) const { std::fclose(stream); }
  };
  ExportFile(std::FILE* stream, std::string name) : stream_(stream), name_(std::move(name)) {}
  ClientError Damaged(std::string what) const;

  std::unique_ptr<std::FILE, Closer> stream_;
  std::string name_;
  uint64_t offset_ = 0;
};

/// When the block is of another chain than the trusted genesis: that says nothing about either.
std::optional<ClientError> OtherChain(const StoredBlock& block, const Genesis& genesis,
                                      const std::string& source);

/// The chain as nodes hand it out, up to the height that was the tip at first, or `last`.
/// Refuses one of another chain.
class NodeSource : public BlockSource {
 public:
  /// `client` must outlive the source.
  NodeSource(Client& client, uint64_t last);
  std::expected<std::optional<StoredBlock>, ClientError> Next() override;
  uint64_t tip() const override { return last_; }
  const std::string& name() const override { return name_; }

 private:
  Client& client_;
  std::string name_;
  uint64_t last_;         ///< 0 until the first answer
  bool bounded_ = false;  ///< last_ is set
  uint64_t next_ = 1;
  std::vector<StoredBlock> batch_;
  size_t at_ = 0;
};

}  // namespace beian::client
