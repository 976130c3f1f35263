#include "plugins/evidence/bundle/bundle.hpp"
#include "plugins/evidence/bundle/manifest.hpp"
#include "plugins/evidence/bundle/readme.hpp"
#include "plugins/evidence/log/jcs.hpp"
#include "plugins/evidence/log/tlog_proof.hpp"

#include <algorithm>
#include <map>

namespace evidence::bundle {
namespace {

[[noreturn]] void refuse(const char* what) {
    throw concejo::Error(concejo::ErrorKind::invalid, std::string("bundle: ") + what);
}

/// The text that the log signed; the same in every proof.
std::string checkpoint_of(const std::vector<Statement>& statements) {
    std::string text;
    for (const auto& statement : statements) {
        const auto proof = log::TlogProof::parse(statement.proof);
        if (!proof) refuse("a proof that cannot be read");
        if (!text.empty() && text != proof->checkpoint.note.text) refuse("proofs of several checkpoints");
        text = proof->checkpoint.note.text;
    }
    if (text.empty()) refuse("no leaf");
    return text;
}

using Named = std::map<std::string, std::string, std::less<>>;  // in the order of the bundle

void attach(Named& files, const std::vector<Attachment>& attachments) {
    std::map<std::pair<std::string, Attached>, unsigned> numbers;
    for (const auto& attachment : attachments) {
        if (!files.contains(attachment.of)) refuse("a signature of a file that is not there");
        const auto number = ++numbers[{attachment.of, attachment.kind}];
        files[attached_name(attachment.of, number, attachment.kind)] = attachment.bytes;
    }
}

}  // namespace

std::string make(const Contents& contents, const crypto::PublicKey& key,
                 const crypto::Ed25519Signer& signer) {
    Named files;
    const auto document = document_name(contents.extension);
    files[document] = contents.document;
    files[std::string(key_name)] = crypto::public_pem(key);
    files[std::string(salt_name)] = contents.salt;
    files[std::string(metadata_name)] = log::canonical(contents.metadata);
    files[std::string(checkpoint_name)] = checkpoint_of(contents.statements);
    if (!parse_metadata(files[std::string(metadata_name)])) refuse("metadata that are not texts by name");
    if (contents.availability) files[std::string(availability_name)] = log::canonical(*contents.availability);
    if (contents.statements.size() > 999) refuse("more than 999 leaves");
    for (unsigned i = 0; i < contents.statements.size(); ++i) {
        files[leaf_name(i + 1)] = contents.statements[i].leaf;
        files[proof_name(i + 1)] = contents.statements[i].proof;
    }
    attach(files, contents.attachments);
    std::vector<std::string> attached;
    for (const auto& [name, bytes] : files)
        if (parse_attached(name)) attached.push_back(name);
    files[std::string(readme_name)] = readme(document, attached);

    std::vector<File> all;
    for (const auto& [name, bytes] : files) all.push_back({name, bytes});
    const auto list = manifest(all);
    const auto signature = signer(list);
    all.push_back({manifest_name, list});
    all.push_back({signature_name, signature});
    auto file = write_zip(all);
    if (!read(file)) refuse("contents that do not belong in one");
    return file;
}

}  // namespace evidence::bundle
