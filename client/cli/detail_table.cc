// What errors say of one case, in Chinese. The places {} hold names, numbers and file names, or
// another text of this table.

#include <algorithm>
#include <optional>
#include <vector>

#include "client/cli/language.h"

namespace beian::client {
namespace {

struct Detail {
  std::string_view english;
  std::string_view chinese;
};

/// The first that fits is taken.
constexpr Detail kDetails[] = {
    {"Did you mean `{}`?", "您是指 `{}` 吗？"},
    {"--{} takes one of {}.", "--{} 可取以下值之一：{}。"},
    {"--{}: {} is no whole number from {} to {}", "--{}：{} 不是 {} 至 {} 之间的整数"},
    {"--{}: {} required TEXT missing", "--{} 缺少 {} 个值"},
    {"{} is required", "缺少 {}"},
    {"The following argument was not expected: {}", "多余的参数：{}"},
    {"The following arguments were not expected: {}", "多余的参数：{}"},
    {"A cluster has 1 to 32 nodes, and its ports must fit below 65536.",
     "集群有 1 至 32 个节点，其端口须小于 65536。"},
    {"Another form of the same service was submitted and is not final yet: `{}`.",
     "同一服务的另一份备案已提交但尚未最终确认：`{}`。"},
    {"At most 64 nodes may be named.", "最多指定 64 个节点。"},
    {"Block {} in the file is bad ({}); nothing is appended to it.",
     "文件中的区块 {} 有问题（{}），未追加任何内容。"},
    {"Codes are named, and --all stands for every one.", "已给出编号，而 --all 表示全部。"},
    {"Filings are named, and --all stands for every one.", "已给出备案，而 --all 表示全部。"},
    {"Line {} is not UTF-8; the file seems to be in {}.", "第 {} 行不是 UTF-8；文件似乎是 {} 编码。"},
    {"GBK, or another encoding of old", "GBK 或其他旧式"},
    {"Line {}: `{}` cannot be read.", "第 {} 行：无法读取 `{}`。"},
    {"Line {}: this is no JSON.", "第 {} 行：不是 JSON。"},
    {"Line {}: unknown key `{}`.", "第 {} 行：没有设置项 `{}`。"},
    {"No block holds the filing's submission.", "没有区块含有该备案的提交。"},
    {"No genesis file is named: without it nothing can be checked.",
     "未指定创世文件：没有它无法核验。"},
    {"No pipe can be made: {}", "无法建立管道：{}"},
    {"No quorum of {} nodes is ready yet.", "尚未有 {} 个节点的法定多数就绪。"},
    {"No temporary file can be made.", "无法建立临时文件。"},
    {"Others may read the key file: its mode is {}.", "他人可读该密钥文件：其权限为 {}。"},
    {"Port {} is held by {}.", "端口 {} 被{}占用。"},
    {"another process", "其他进程"},
    {"process {}", "进程 {} "},
    {"Row {} (line {}): a quotation does not end.", "第 {} 行（文件第 {} 行）：引号没有结束。"},
    {"The audit is already at height {}, beyond --to {}.", "核验已到高度 {}，超过 --to {}。"},
    {"The certificate is malformed: {}.", "证书有误：{}。"},
    {"a member stands in it twice", "有成员重复出现"},
    {"its proof is missing", "缺少证明"},
    {"its code is malformed", "编号有误"},
    {"its proof does not decode", "证明无法解码"},
    {"The certificate is of another code.", "证书属于另一个编号。"},
    {"The certificate's proof does not verify.", "证书的证明无效。"},
    {"The chain has {} blocks.", "该链有 {} 个区块。"},
    {"The cluster cannot be deleted: {}", "无法删除集群：{}"},
    {"The columns are separated by semicolons, not by commas.", "列以分号分隔，而不是逗号。"},
    {"The columns are separated by tabs, not by commas.", "列以制表符分隔，而不是逗号。"},
    {"The day of publication is not known.", "公布日期未知。"},
    {"The export cannot be continued: {}", "无法续写导出文件：{}"},
    {"The export cannot be read: {}", "无法读取导出文件：{}"},
    {"The export cannot be written: {}", "无法写入导出文件：{}"},
    {"The export is damaged after octet {}: {}.", "导出文件在第 {} 字节之后损坏：{}。"},
    {"it does not begin like an export", "开头不是导出文件的格式"},
    {"it ends inside a block", "在区块中间结束"},
    {"a block is too large", "有区块过大"},
    {"a block does not decode", "有区块无法解码"},
    {"The file cannot be read: {}", "无法读取该文件：{}"},
    {"The file cannot be written: {}", "无法写入该文件：{}"},
    {"The file has more than {} rows.", "文件超过 {} 行。"},
    {"The file holds no unencrypted P-256 or Ed25519 key in PKCS #8 PEM form.",
     "文件中没有未加密的 P-256 或 Ed25519 密钥（PKCS #8 PEM 格式）。"},
    {"The file is larger than {} octets.", "文件超过 {} 字节。"},
    {"The file there is no export of a chain, and it is not replaced.",
     "该处的文件不是链的导出文件，不会覆盖。"},
    {"A folder or something else that is no file stands there.", "该处是目录或其他非文件。"},
    {"The folder cannot be made: {}", "无法新建目录：{}"},
    {"The folder of the published tables is not there.", "没有公布数据的目录。"},
    {"The key file cannot be made: {}", "无法新建密钥文件：{}"},
    {"The key file cannot be read: {}", "无法读取密钥文件：{}"},
    {"The key file cannot be written: {}", "无法写入密钥文件：{}"},
    {"The line is no JSON object.", "该行不是 JSON 对象。"},
    {"The log cannot be opened: {}", "无法打开日志：{}"},
    {"The public fields are what the ledger holds already, and the personal data cannot be "
     "compared without {}.",
     "公开字段与账本中的内容相同；没有 {}，无法比较个人信息。"},
    {"Write the one filing as a form, in TOML: `beian filing template` makes an empty one.",
     "将该项备案写成 TOML 备案表：`beian filing template` 生成空表。"},
    {"The node cannot be reached: {}.", "无法连接节点：{}。"},
    {"The node gave another block.", "节点给出了另一个区块。"},
    {"The node gives no block after {}, and says that it has {}.",
     "节点在区块 {} 之后不再给出区块，却声称有 {} 个。"},
    {"The node lists other codes than the set's proven digest covers.",
     "节点列出的编号与该批次经证明的摘要不符。"},
    {"The node lists {} filings of a set that has {}.", "节点列出 {} 项备案，而该批次有 {} 项。"},
    {"The node's answer lacks `{}`, or it is of another form.", "节点应答缺少 `{}`，或其形式不符。"},
    {"The node's list has no end.", "节点的列表没有结尾。"},
    {"The node's program wrote no whole export: {}", "节点程序未写出完整的导出：{}"},
    {"The node's proof does not verify against the genesis file.",
     "节点的证明无法由创世文件证实。"},
    {"The ports of this cluster begin at {}.", "该集群的端口从 {} 起。"},
    {"The program cannot be started: {}", "无法启动程序：{}"},
    {"The record does not decode.", "记录无法解码。"},
    {"The record is not one of that code.", "记录不属于该编号。"},
    {"The reply is larger than {} octets.", "应答超过 {} 字节。"},
    {"The result file cannot be written: {}", "无法写入结果文件：{}"},
    {"The result file is of the chain {}, and this is the chain {}.",
     "结果文件属于链 {}，而当前链为 {}。"},
    {"The row has {} cells, the heading {}.", "该行有 {} 格，而标题有 {} 格。"},
    {"The row is the same as row {} (line {}).", "该行与第 {} 行（文件第 {} 行）相同。"},
    {"The row is the same as row {}.", "该行与第 {} 行相同。"},
    {"The set has no code.", "该批次没有编号。"},
    {"The source ends at block {}, before block {} that it should have.",
     "来源在区块 {} 结束，未达到应有的区块 {}。"},
    {"There is no completion for it.", "没有它的补全。"},
    {"There is no key file {}.", "没有密钥文件 {}。"},
    {"This cluster has {} nodes.", "该集群有 {} 个节点。"},
    {"This is no range of sets.", "不是批次范围。"},
    {"This is the name of a file, and no code.", "这是文件名，不是编号。"},
    {"This key has filed the same service already: `{}` is {}.",
     "该密钥已提交同一服务的备案：`{}`，状态为 {}。"},
    {"What the certificate shows for reading is not what its octets say, or it has members of its "
     "own.",
     "证书的可读部分与其字节内容不符，或含有多余成员。"},
    {"Column `{}`: {}", "列 `{}`：{}"},
    {"subject.{}: {}", "subject.{}：{}"},
    {"responsible.{}: {}", "responsible.{}：{}"},
    {"service.{}: {}", "service.{}：{}"},
    {"synthetic: {}", "synthetic：{}"},
    {"published_code: {}", "published_code：{}"},
    {"source: {}", "source：{}"},
    {"{}: There is no such field.", "{}：没有该字段。"},
    {"There is no such field.", "没有该字段。"},
    {"This field must be filled in.", "该字段必须填写。"},
    {"This is no division.", "不是行政区划代码。"},
    {"This is no credit code.", "不是统一社会信用代码。"},
    {"Say true or false.", "请填 true 或 false。"},
    {"Say organisation or person.", "请填 organisation 或 person。"},
    {"Only a person has a document here.", "仅个人填写证件。"},
    {"The filing breaks a rule of the ledger.", "备案违反账本规则。"},
    {"The text has {} octets; {} are allowed.", "文字有 {} 字节，最多 {} 字节。"},
    {"The text is not UTF-8, or holds a control or bidirectional character.",
     "文字不是 UTF-8，或含有控制字符或双向字符。"},
    {"signed by key {}", "由密钥 {} 签名"},
    {"not signed by it, transaction {}", "并非由其签名，交易 {}"},
    {"a header", "区块头"},
    {"{} octets", "{} 字节"},
    {"a finality proof", "最终性证明"},
    {"finalized by {} of {} validators", "由 {}/{} 个验证节点最终确认"},
    {"above {}", "高于 {}"},
    {"at least {}", "至少 {}"},
    {"a transaction with its results", "交易及其结果"},
    {"a block within the rules", "符合规则的区块"},
    {"It is silent: its process is stopped or overloaded. End it, and start it again with `beian "
     "cluster up`.",
     "节点无应答：其进程已暂停或过载。请结束该进程，再用 `beian cluster up` 启动。"},
    {"Check that the node runs and that the address is right.", "确认节点在运行且地址正确。"},
    {"No such file or directory", "没有该文件或目录"},
    {"Permission denied", "权限不足"},
    {"Is a directory", "是目录"},
    {"Not a directory", "不是目录"},
    {"File exists", "文件已存在"},
    {"No space left on device", "磁盘空间不足"},
    {"Read-only file system", "文件系统只读"},
    {"Couldn't connect to server", "无法连接到服务器"},
    {"Failed to connect to {} port {} after {} ms: {}", "连接 {} 端口 {} 失败（{} 毫秒）：{}"},
    {"Could not resolve host: {}", "无法解析主机名：{}"},
};

/// What stands in the places of `pattern`; nothing when `text` is not of that form.
std::optional<std::vector<std::string_view>> PlacesOf(std::string_view pattern,
                                                      std::string_view text) {
  std::vector<std::string_view> values;
  while (true) {
    const size_t place = pattern.find("{}");
    if (place == std::string_view::npos) {
      return text == pattern ? std::optional(std::move(values)) : std::nullopt;
    }
    if (!text.starts_with(pattern.substr(0, place))) return std::nullopt;
    text.remove_prefix(place);
    pattern.remove_prefix(place + 2);
    const std::string_view after = pattern.substr(0, pattern.find("{}"));
    const bool last = after.size() == pattern.size();
    const size_t end = last ? text.size() - std::min(text.size(), after.size()) : text.find(after);
    if (end == std::string_view::npos) return std::nullopt;
    values.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

}  // namespace

std::string TrDetail(std::string_view english) {
  if (CurrentLanguage() == Language::kEnglish) return std::string(english);
  for (const Detail& detail : kDetails) {
    const auto values = PlacesOf(detail.english, english);
    if (!values) continue;
    std::string text(detail.chinese);
    size_t at = 0;
    for (const std::string_view value : *values) {
      const std::string shown = TrDetail(value);
      at = text.find("{}", at);
      text.replace(at, 2, shown);
      at += shown.size();
    }
    return text;
  }
  return std::string(english);
}

}  // namespace beian::client
