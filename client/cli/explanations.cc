#include <algorithm>

#include "client/cli/language.h"
#include "ledger/chain/transaction.h"
#include "ledger/filing/reject.h"
#include "ledger/verify/verify_error.h"

namespace beian::client {
namespace {

/// An error id with what it says in both languages. An empty English remedy is the ledger's own.
struct Entry {
  std::string_view id;
  std::string_view english;
  std::string_view chinese;
  std::string_view english_remedy;
  std::string_view chinese_remedy;
};

/// Ascending by id.
constexpr Entry kEntries[] = {
    {"audit.bad_client_signature", "A client's signature does not verify.", "客户端签名无效。",
     "Do not use this source. Keep it as evidence, and audit another.", "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.bad_entry", "A log entry does not decode.", "日志条目无法解码。",
     "Do not use this source. Keep it as evidence, and audit another.", "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.bad_epoch", "A header is of another epoch.", "纪元不符。",
     "Do not use this source. Keep it as evidence, and audit another.", "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.bad_finality", "The finalization is not of this block.", "最终确认不属于该区块。",
     "Do not use this source. Keep it as evidence, and audit another.", "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.bad_height", "Heights do not follow one another.", "高度不连续。",
     "Do not use this source. Keep it as evidence, and audit another.", "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.bad_log_root", "The entries are not the leaves of the log.", "条目与日志根不符。",
     "Do not use this source. Keep it as evidence, and audit another.", "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.bad_log_size", "The log grows by another number of leaves than transactions.",
     "日志增长与交易数不符。", "Do not use this source. Keep it as evidence, and audit another.",
     "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.bad_map_root", "Replaying the block gives another state.", "重放得到不同状态。",
     "Do not use this source. Keep it as evidence, and audit another.", "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.bad_next_set", "A header names a next validator set without a change under way.",
     "无变更却给出下一验证者集合。", "Do not use this source. Keep it as evidence, and audit another.",
     "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.bad_parent", "A header does not name the block before it.", "区块头未指向前一区块。",
     "Do not use this source. Keep it as evidence, and audit another.", "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.bad_proposer", "Another validator leads that view.", "提议者不是该视图的主节点。",
     "Do not use this source. Keep it as evidence, and audit another.", "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.bad_quorum", "Fewer validators than a quorum finalized the block.", "最终确认的签名不足法定多数。",
     "Do not use this source. Keep it as evidence, and audit another.", "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.bad_result", "Executing a transaction gives another result.", "重新执行得到不同结果。",
     "Do not use this source. Keep it as evidence, and audit another.", "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.bad_time", "Time does not grow from block to block.", "时间未递增。",
     "Do not use this source. Keep it as evidence, and audit another.", "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.bad_transaction_count", "The block does not hold what its header counts.", "交易数与区块头不符。",
     "Do not use this source. Keep it as evidence, and audit another.", "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.bad_transaction_root", "The entries are not the transactions of the header.",
     "条目与区块头的交易根不符。", "Do not use this source. Keep it as evidence, and audit another.",
     "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.bad_validator_signature", "A validator's signature does not verify.", "验证节点签名无效。",
     "Do not use this source. Keep it as evidence, and audit another.", "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.bad_version", "A header has another protocol version.", "协议版本不符。",
     "Do not use this source. Keep it as evidence, and audit another.", "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.bad_view", "Views do not grow.", "视图未递增。",
     "Do not use this source. Keep it as evidence, and audit another.", "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.fork", "Two blocks of one height are final.", "同一高度有两个最终区块。",
     "Keep both exports: the signatures show who signed both.", "保留两份导出作为证据。"},
    {"audit.invalid_block", "The block breaks a rule that every validator must check.", "区块违反规则。",
     "Do not use this source. Keep it as evidence, and audit another.", "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.malformed_header", "A header does not decode.", "区块头无法解码。",
     "Do not use this source. Keep it as evidence, and audit another.", "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.malformed_proof", "A finality proof does not decode.", "最终性证明无法解码。",
     "Do not use this source. Keep it as evidence, and audit another.", "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"audit.node_disagrees", "A node shows a block that its proof does not support.",
     "节点给出的区块没有有效证明。", "Do not trust that node.", "不要相信该节点。"},
    {"audit.progress_differs", "The source has another block than the progress file names.",
     "来源与进度文件的区块不符。", "Delete the progress file to check everything; compare with another source.",
     "删除进度文件重新核验，并与其他来源比较。"},
    {"audit.wrong_chain", "A header is of another chain.", "区块头属于另一条链。",
     "Do not use this source. Keep it as evidence, and audit another.", "不要使用该来源；保留作为证据，并核验其他来源。"},
    {"bulk.bad_file", "The bulk file cannot be read.", "无法读取批量文件。",
     "Mend the place that the message names.", "改正消息所指之处。"},
    {"bulk.bad_row", "A row cannot be read.", "无法读取该行。", "Mend the row.", "改正该行。"},
    {"bulk.row_changed", "A row is not the one that the result file knows.", "行内容与结果文件不符。",
     "Give another --results FILE.", "换一个 --results 文件。"},
    {"certificate.malformed", "The file is no filing certificate.", "文件不是备案证书。",
     "Get a new certificate: `beian code certificate CODE`.", "重新获取证书。"},
    {"certificate.readable_part_differs",
     "What the certificate shows for reading is not what its octets say.", "证书的可读部分与其字节内容不符。",
     "Do not trust it. Get a new certificate from a node.", "不要相信，重新获取证书。"},
    {"certificate.wrong_chain", "The certificate is of another chain than the genesis file.",
     "证书属于另一条链。", "Use the genesis file of that chain.", "使用该链的创世文件。"},
    {"cluster.exists", "There is a cluster in this folder.", "目录中已有集群。", "Give another --dir.",
     "换一个 --dir。"},
    {"cluster.no_block", "No quorum shows a block yet.", "法定多数尚未给出区块。",
     "Look at the logs: `beian cluster logs`.", "查看日志：`beian cluster logs`。"},
    {"cluster.node_ended", "A node has ended.", "有节点已退出。",
     "Look at its log: `beian cluster logs NAME`.", "查看日志：`beian cluster logs 名称`。"},
    {"cluster.none", "There is no cluster in this folder.", "目录中没有集群。",
     "Give --dir DIR, or make one: `beian cluster up`.", "用 --dir，或新建：`beian cluster up`。"},
    {"cluster.port_in_use", "A port is held by another process.", "端口被其他进程占用。",
     "End that process, or give --base-port P.", "结束该进程，或用 --base-port。"},
    {"code.bad_character", "A digit was expected.", "应为数字。", "Check it for typing errors.",
     "核对编号。"},
    {"code.bad_check_character", "The last character does not fit the others (ISO 7064 MOD 11-2).",
     "校验码与其余字符不符（ISO 7064 MOD 11-2）。",
     "Check it for typing errors; if there is none, the code is not genuine.", "核对编号；若无误，则编号不真实。"},
    {"code.bad_division", "The first two digits name no province.", "前两位不是省份代码。",
     "Check it for typing errors.", "核对编号。"},
    {"code.bad_form", "The text is neither 20 characters nor 京网信备…号 around them.",
     "不是 20 位字符，也不是完整形式。", "Copy the whole code.", "完整复制编号。"},
    {"code.bad_sequence", "The sequence is 000.", "顺序号为 000。", "Check it for typing errors.",
     "核对编号。"},
    {"code.not_registered", "The code is well formed, but it was never issued.", "编号格式正确，但从未签发。",
     "Do not trust whoever shows it.", "不要相信出示者。"},
    {"code.wrong_abbreviation", "The character before 网信备 is another province's.",
     "网信备前的简称与省份代码不符。", "Do not trust the code.", "不要相信该编号。"},
    {"config.bad_file", "The connection file is bad.", "连接文件有误。",
     "Mend the line that the message names.", "改正消息所指的行。"},
    {"config.bad_lang", "There is no such language.", "没有该语言。", "Say en or zh-CN.",
     "用 en 或 zh-CN。"},
    {"config.bad_node", "This is not the address of a node.", "不是节点地址。",
     "Write it like http://127.0.0.1:7201.", "写成 http://127.0.0.1:7201。"},
    {"config.no_genesis", "No genesis file is named.", "未指定创世文件。",
     "Give --genesis FILE, or name it in beian.toml.", "用 --genesis 文件，或写入 beian.toml。"},
    {"config.no_key", "No key is named to sign with.", "未指定签名密钥。",
     "Give --key FILE, or name it in beian.toml.", "用 --key 文件，或写入 beian.toml。"},
    {"config.no_node", "No node is named.", "未指定节点。",
     "Give --node URL, or name nodes in beian.toml.", "用 --node 地址，或写入 beian.toml。"},
    {"config.too_many_nodes", "Too many nodes are named.", "节点过多。", "Name at most 64.", "最多 64 个。"},
    {"export.damaged", "The export file is damaged or cut off.", "导出文件损坏或不完整。",
     "Export the chain again.", "重新导出。"},
    {"export.wrong_chain", "The export is of another chain than the genesis file.", "导出文件属于另一条链。",
     "Use the genesis file of that chain.", "使用该链的创世文件。"},
    {"file.cannot_read", "A file cannot be read.", "无法读取文件。",
     "Check the path, its owner and its permissions.", "检查路径与权限。"},
    {"file.cannot_write", "A file cannot be written.", "无法写入文件。",
     "Check the path, its owner and its permissions.", "检查路径与权限。"},
    {"filing.already_published", "The set lists a code that already stands in a set.",
     "批次中有已公布的编号。", "", "去掉该编号。"},
    {"filing.bad_code", "A registration code is malformed.", "备案编号格式错误。", "", "核对 20 位编号。"},
    {"filing.bad_commitment", "A commitment is missing or not 32 octets.", "承诺值缺失或不是 32 字节。", "",
     "用本程序生成备案。"},
    {"filing.bad_credit_code",
     "The unified social credit code is malformed, or its check character is wrong.",
     "统一社会信用代码格式或校验码错误。", "", "核对 18 位代码。"},
    {"filing.bad_date", "The date does not exist or is not written like 2019-03-30.", "日期不存在或格式不对。",
     "", "写成 2019-03-30。"},
    {"filing.bad_division", "The division is not six digits of a province that has an office.",
     "行政区划代码不是六位数字，或前两位不是省份。", "", "填写 GB/T 2260 六位代码。"},
    {"filing.bad_file", "The filing file does not parse.", "备案文件无法解析。",
     "Mend the place that the message names.", "改正消息所指之处。"},
    {"filing.bad_key",
     "This is not a key id or public key, or the key that the subject already has.",
     "不是密钥，或主体已绑定该密钥。", "", "核对密钥。"},
    {"filing.bad_set_number", "The number is not the one after the last published set.",
     "批次号不是上一批的下一个。", "", "查看已公布的批次。"},
    {"filing.bad_subject", "Fields of a person stand in an organisation's filing, or the reverse.",
     "主体性质与字段不符。", "", "按主体性质填写。"},
    {"filing.bad_synthetic", "The list of invented fields is not ascending or names no field.",
     "虚构字段列表顺序不对或字段不存在。", "", "按升序列出字段路径。"},
    {"filing.bad_text",
     "A text is empty where it is needed, too long, or holds a forbidden character.",
     "文字缺失、过长或含有禁止的字符。", "", "改正该字段。"},
    {"filing.duplicate_filing", "The filing exists already.", "该备案已存在。", "", "继续办理已有备案。"},
    {"filing.key_barred", "An office has barred the key.", "该密钥已被机构停用。", "", "换用新密钥并请机构重新绑定。"},
    {"filing.key_bound_to_other_subject", "The key is bound to another subject.", "该密钥绑定了另一主体。", "",
     "每个主体用各自的密钥。"},
    {"filing.missing_reason", "A reason is missing.", "缺少理由。", "", "说明理由。"},
    {"filing.no_free_code", "No free code was found in 1,000 draws.", "尝试 1000 次未得到空闲编号。", "",
     "请与管理机构联系。"},
    {"filing.not_authorised", "The signing key does not hold the role that may do this.",
     "签名密钥没有执行此操作的角色。", "", "使用有权机构的密钥。"},
    {"filing.not_the_owner", "The filing belongs to another key.", "该备案属于另一密钥。", "", "用提交时的密钥签名。"},
    {"filing.sequence_exhausted", "The subject already has 999 services.", "该主体已有 999 项服务。", "",
     "无法再签发编号。"},
    {"filing.subject_bound_to_other_key", "The subject is bound to another key.", "该主体绑定了另一密钥。", "",
     "用绑定的密钥，或请机构重新绑定。"},
    {"filing.too_many_codes", "A set lists none or more than 1,000 codes, or one of them twice.",
     "批次中编号为零、超过 1000 或重复。", "", "分批公布。"},
    {"filing.unknown", "The ledger holds no such filing, as a proof shows.", "账本中没有该备案（有证明）。",
     "Check the id for typing errors.", "核对备案号。"},
    {"filing.unknown_code", "The set lists a code that was never issued.", "批次中有从未签发的编号。", "",
     "去掉该编号。"},
    {"filing.unknown_field", "The filing file has a field that does not exist.", "备案文件中有不存在的字段。",
     "See `beian filing template` for the fields.", "见 `beian filing template`。"},
    {"filing.unknown_filing", "No filing has that id.", "没有该编号的备案。", "", "核对备案号。"},
    {"filing.unknown_key", "No office has confirmed that key and no filing of it is named.",
     "没有机构确认过该密钥。", "", "指明该密钥的备案。"},
    {"filing.unknown_subject", "No office has taken up a filing of that subject.", "没有机构受理过该主体的备案。",
     "", "先受理备案。"},
    {"filing.wrong_office", "The filing is in another office's hands.", "该备案由另一机构办理。", "",
     "用办理机构的密钥签名。"},
    {"filing.wrong_state", "The filing's state does not allow this action.", "备案当前状态不允许此操作。", "",
     "查看备案状态后再操作。"},
    {"key.bad_permissions", "Others may read the key file.", "密钥文件可被他人读取。", "chmod 600 FILE",
     "chmod 600 文件"},
    {"key.cannot_read", "The key file cannot be read.", "无法读取密钥文件。",
     "Check the path: `beian key new FILE` makes one.", "检查路径：`beian key new 文件` 可新建。"},
    {"key.cannot_write", "The key file cannot be made.", "无法新建密钥文件。",
     "Choose another name: a key file is never replaced.", "换一个名称：不会覆盖密钥文件。"},
    {"key.not_a_key", "The file holds no key of a known kind.", "文件不是可用的密钥。",
     "Give a file that `beian key new` made.", "使用 `beian key new` 生成的文件。"},
    {"mempool.all_actions_fail", "Every action of the transaction would be rejected.",
     "交易的全部操作都会被拒绝。", "Look at the filing's state first.", "先查看备案状态。"},
    {"mempool.expired", "The transaction's time is over.", "交易已过期。",
     "Submit again; check this machine's clock.", "重新提交并检查本机时钟。"},
    {"mempool.expiry_too_far", "The expiry is more than ten minutes ahead of the chain's time.",
     "有效期超过十分钟。", "Check this machine's clock.", "检查本机时钟。"},
    {"mempool.full", "The node has no room for more transactions.", "节点待处理交易已满。",
     "Send again later.", "稍后再试。"},
    {"mempool.never_fits", "The transaction fits into no block.", "交易无法放入任何区块。", "Split it.",
     "拆分交易。"},
    {"mempool.signer_full", "Too many transactions of this key are pending.", "该密钥的待处理交易过多。",
     "Wait until some are final.", "等待部分确认。"},
    {"mempool.unconfirmed_full",
     "Too many transactions of keys that no office has confirmed are pending.", "未确认密钥的待处理交易过多。",
     "Send again later.", "稍后再试。"},
    {"node.bad_reply", "The node's answer does not decode.", "节点应答无法解析。",
     "Check that the address is a beian node's.", "核对节点地址。"},
    {"node.busy", "The node has too much to do.", "节点繁忙。", "Send again later.", "稍后再试。"},
    {"node.no_block", "The chain has no final block yet.", "链上尚无最终区块。", "Wait for the first block.",
     "等待首个区块。"},
    {"node.not_ready", "The node does not take transactions now.", "节点暂不接受交易。",
     "Give another node, or wait.", "换节点或等待。"},
    {"node.reply_too_large", "The reply is too large.", "应答过大。", "Give another node.", "换节点。"},
    {"node.timeout", "The node did not answer in time.", "节点未及时应答。",
     "Try again, or give another node.", "重试或换节点。"},
    {"node.too_many_waiters", "Too many requests wait at the node.", "等待的请求过多。", "Ask again later.",
     "稍后再试。"},
    {"node.unreachable", "The node cannot be reached.", "无法连接节点。",
     "Check that it runs: `beian cluster status`, `beian doctor`.", "检查节点：`beian doctor`。"},
    {"proof.malformed", "The file is no proof of a transaction.", "文件不是交易证明。",
     "Get the proof again.", "重新获取证明。"},
    {"published.no_data", "The folder holds no tables of the published sets.", "目录中没有公布数据表。",
     "Give --data FOLDER: the folder `data` of the sources.", "用 --data 目录：源码中的 `data` 目录。"},
    {"transaction.bad_expiry", "The expiry is missing or zero.", "缺少有效期。", "", "用本程序重新生成交易。"},
    {"transaction.bad_nonce", "The nonce is not 16 octets.", "随机数不是 16 字节。", "", "用本程序重新生成交易。"},
    {"transaction.bad_signature", "The signature does not verify on this chain.", "签名在本链上无效。", "",
     "核对密钥与创世文件。"},
    {"transaction.bad_signature_form", "The signature is not 64 octets.", "签名不是 64 字节。", "",
     "用本程序重新生成交易。"},
    {"transaction.bad_signer", "The signer is no public key.", "签名者不是公钥。", "", "用本程序重新生成交易。"},
    {"transaction.empty_action", "An action has no kind.", "操作为空。", "", "用本程序重新生成交易。"},
    {"transaction.expired", "The transaction's time is over and it is in no block.", "交易已过期且未进入区块。",
     "Submit again; check this machine's clock.", "重新提交并检查本机时钟。"},
    {"transaction.no_actions", "The transaction has no action.", "交易没有操作。", "", "用本程序重新生成交易。"},
    {"transaction.not_canonical", "The octets are not the one canonical encoding.", "编码不规范。", "",
     "用本程序重新生成交易。"},
    {"transaction.not_final", "The transaction is in no final block yet.", "交易尚未进入最终区块。",
     "Wait for it: `beian filing wait TRANSACTION`.", "等待：`beian filing wait 交易号`。"},
    {"transaction.too_large", "The transaction is too large.", "交易过大。", "", "用本程序重新生成交易。"},
    {"transaction.too_many_actions", "The transaction has too many actions.", "交易操作过多。", "",
     "用本程序重新生成交易。"},
    {"transaction.unknown", "No node that answers knows this transaction.",
     "应答的节点都不知道该交易。", "Check the id for typing errors; submit again when it was yours.",
     "核对交易号；如确为自己的交易，请重新提交。"},
    {"usage.bad_arguments", "The arguments are not right.", "参数有误。", "See the command's --help.",
     "见该命令的 --help。"},
    {"usage.no_command", "A command is missing.", "缺少命令。", "See `beian --help`.",
     "见 `beian --help`。"},
    {"usage.unknown_command", "There is no such command.", "没有该命令。", "See `beian --help`.",
     "见 `beian --help`。"},
    {"usage.unknown_option", "There is no such option here.", "没有该选项。", "See the command's --help.",
     "见该命令的 --help。"},
    {"verify.bad_finality", "The certificate does not finalize this block.", "证书未最终确认该区块。", "",
     "不要相信，向其他节点索取。"},
    {"verify.bad_log_path", "The inclusion path does not lead to the log's root.", "包含路径与日志根不符。",
     "", "不要相信，向其他节点索取。"},
    {"verify.bad_map_path", "The map path does not lead to the state's root.", "映射路径与状态根不符。", "",
     "不要相信，向其他节点索取。"},
    {"verify.bad_quorum", "Fewer validators than a quorum signed.", "签名的验证节点不足法定多数。", "",
     "不要相信，向其他节点索取。"},
    {"verify.bad_record", "The record does not decode or is of another object.", "记录无法解码或对象不符。", "",
     "不要相信，重新获取。"},
    {"verify.bad_signature", "One of the signatures does not verify.", "有签名无效。", "",
     "不要相信，向其他节点索取。"},
    {"verify.malformed", "The proof's octets do not decode.", "证明无法解码。", "", "不要相信，重新获取。"},
    {"verify.wrong_chain", "The proof is of another chain than the genesis file.", "证明属于另一条链。", "",
     "使用正确的创世文件。"},
    {"verify.wrong_object", "The proof speaks of another object than asked for.", "证明的对象不符。", "",
     "不要相信，重新获取。"},
};
static_assert(std::ranges::is_sorted(kEntries, {}, &Entry::id));

/// The remedy that the ledger gives for an id of its own.
std::string_view LedgerRemedy(std::string_view id) {
  for (uint16_t number = 0; const auto reject = FilingRejectFromNumber(number); ++number) {
    if (FilingRejectId(*reject) == id) return FilingRejectRemedy(*reject);
  }
  for (int number = 0; number <= static_cast<int>(TransactionError::kBadSignature); ++number) {
    const auto error = static_cast<TransactionError>(number);
    if (TransactionErrorId(error) == id) return TransactionErrorRemedy(error);
  }
  for (int number = 0; number <= static_cast<int>(VerifyError::kBadRecord); ++number) {
    const auto error = static_cast<VerifyError>(number);
    if (VerifyErrorId(error) == id) return VerifyErrorRemedy(error);
  }
  return {};
}

std::optional<Explanation> ExplainIn(Language language, std::string_view error_id) {
  const auto found = std::ranges::lower_bound(kEntries, error_id, {}, &Entry::id);
  if (found == std::ranges::end(kEntries) || found->id != error_id) return std::nullopt;
  if (language == Language::kChinese) {
    return Explanation{std::string(found->chinese), std::string(found->chinese_remedy)};
  }
  const std::string_view remedy =
      found->english_remedy.empty() ? LedgerRemedy(error_id) : found->english_remedy;
  return Explanation{std::string(found->english), std::string(remedy)};
}

}  // namespace

std::optional<Explanation> Explain(std::string_view error_id) {
  return ExplainIn(CurrentLanguage(), error_id);
}

std::optional<Explanation> ExplainInEnglish(std::string_view error_id) {
  return ExplainIn(Language::kEnglish, error_id);
}

std::vector<std::string> ExplainedIds() {
  std::vector<std::string> ids;
  for (const Entry& entry : kEntries) ids.emplace_back(entry.id);
  return ids;
}

}  // namespace beian::client
