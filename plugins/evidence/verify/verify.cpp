#include "plugins/evidence/verify/verify.hpp"

#include "plugins/evidence/bundle/bundle.hpp"
#include "plugins/evidence/log/cosignature.hpp"
#include "plugins/evidence/log/decimal.hpp"
#include "plugins/evidence/log/leaf.hpp"
#include "plugins/evidence/log/tlog_proof.hpp"

#include <concejo/error.hpp>

#include <ctime>

namespace evidence::verify {
namespace {

using bundle::Bundle;

std::string hex(const crypto::Digest& digest) { return crypto::hex(crypto::view(digest)); }

std::string utc(std::uint64_t seconds) {
    const auto time = static_cast<std::time_t>(seconds);
    std::tm parts{};
    char text[64];
    if (!::gmtime_r(&time, &parts)) return std::to_string(seconds);
    return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

/// One bundle being judged: each step writes its lines, and a failed one does not keep the next from being
/// told.
class Judgement {
public:
    Judgement(const Bundle& bundle, const Trust& trust, const Judge& judge, Verdict& verdict)
        : bundle_(bundle), trust_(trust), judge_(judge), verdict_(verdict) {}

    void all() {
        checked(Text::manifest_signed, {std::to_string(bundle_.files.size())});
        fact(Text::document_is, {std::string(bundle_.document.name),
                                 std::to_string(bundle_.document.bytes.size()), hex(document_)});
        checkpoint();
        for (std::size_t i = 0; i < bundle_.statements.size(); ++i) statement(i);
        witnesses();
        attachments();
        declared();
    }

private:
    void failed(Text text, std::vector<std::string> values = {}) {
        verdict_.failed.push_back({text, std::move(values)});
    }
    void checked(Text text, std::vector<std::string> values = {}) {
        verdict_.checked.push_back({text, std::move(values)});
    }
    void unchecked(Text text, std::vector<std::string> values = {}) {
        verdict_.unchecked.push_back({text, std::move(values)});
    }
    void fact(Text text, std::vector<std::string> values) {
        verdict_.facts.push_back({text, std::move(values)});
    }

    void checkpoint();
    void statement(std::size_t i);
    void first_leaf(const log::Leaf& leaf, std::string_view entry);
    void later_leaf(const log::Leaf& leaf, const std::string& name);
    void witnesses();
    void attachments();
    void attachment(const Bundle::AttachedFile& attached);
    void record(const Bundle::AttachedFile& attached, const Judged& judged);
    void declared();

    const Bundle& bundle_;
    const Trust& trust_;
    const Judge& judge_;
    Verdict& verdict_;
    const crypto::Digest document_ = crypto::sha256(bundle_.document.bytes);
    std::optional<log::Checkpoint> head_;
    std::optional<log::VerifierKey> log_;
    std::optional<log::Leaf> publication_;
    std::optional<crypto::Digest> publication_hash_;
};

void Judgement::checkpoint() {
    head_ = log::Checkpoint::parse(bundle_.checkpoint);
    if (!head_ || !log::is_key_name(head_->origin)) return failed(Text::checkpoint_unreadable);
    log_.emplace(head_->origin, log::SignatureType::ed25519, bundle_.key);
    fact(Text::log_is, {head_->origin, std::to_string(head_->size)});
    if (!trust_.knows_a_log()) return unchecked(Text::key_of_its_own, {verdict_.fingerprint});
    if (trust_.is_log(head_->origin, bundle_.key)) return checked(Text::key_known, {verdict_.fingerprint});
    failed(Text::key_not_known, {verdict_.fingerprint, head_->origin});
}

void Judgement::statement(std::size_t i) {
    const auto name = bundle::leaf_name(static_cast<unsigned>(i + 1));
    const auto [entry, text] = bundle_.statements[i];
    const auto leaf = log::parse_leaf(entry);
    if (!leaf) return failed(Text::leaf_unreadable, {name, leaf.error()});
    const auto proof = log::TlogProof::parse(text);
    if (!proof || !head_ || !log_) return failed(Text::proof_unreadable, {name});
    // The recipe of LEEME.txt reads the first signature; the signature is what makes the root worth anything.
    const auto& note = proof->checkpoint.note;
    if (note.text != bundle_.checkpoint || !note.signatures.front().by(*log_) ||
        log::signed_by(note, *log_) != log::Signed::yes)
        return failed(Text::checkpoint_not_signed, {name});
    if (!proof->includes(log::leaf_hash(entry))) return failed(Text::leaf_not_included, {name});
    checked(Text::leaf_included, {name, std::string(log::name(leaf->what)), std::to_string(proof->index),
                                  std::to_string(head_->size), head_->origin});
    if (i == 0)
        first_leaf(*leaf, entry);
    else
        later_leaf(*leaf, name);
}

void Judgement::first_leaf(const log::Leaf& leaf, std::string_view entry) {
    if (leaf.what != log::What::publicacion && leaf.what != log::What::sello)
        return failed(Text::leaf_of_another_kind, {std::string(log::name(leaf.what))});
    publication_ = leaf;
    publication_hash_ = log::leaf_hash(entry);
    fact(leaf.what == log::What::publicacion ? Text::published : Text::sealed,
         {leaf.municipio, leaf.documento, leaf.fecha});
    if (leaf.csv) fact(Text::csv_is, {*leaf.csv});
    if (bundle_.salt.size() != log::salt_size || log::salted(bundle_.salt, document_) != *leaf.huella)
        return failed(Text::document_differs);
    checked(Text::document_is_the_leafs);
}

void Judgement::later_leaf(const log::Leaf& leaf, const std::string& name) {
    if (!publication_ || leaf.municipio != publication_->municipio ||
        leaf.documento != publication_->documento || leaf.anterior != publication_hash_)
        return failed(Text::leaf_of_another_document, {name});
    if (leaf.what == log::What::retirada)
        fact(Text::withdrawn, {leaf.fecha});
    else if (leaf.what == log::What::disponibilidad)
        fact(Text::seen, {leaf.fecha, *leaf.testigo, std::string(log::name(*leaf.resultado))});
    else
        fact(Text::also, {std::string(log::name(leaf.what)), leaf.fecha});
}

void Judgement::witnesses() {
    const auto proof = log::TlogProof::parse(bundle_.statements.front().proof);
    if (!proof || !log_) return;
    std::size_t unknown = 0;
    for (const auto& signature : proof->checkpoint.note.signatures) {
        if (signature.by(*log_)) continue;
        const auto known = std::find_if(trust_.witnesses.begin(), trust_.witnesses.end(),
                                        [&](const log::VerifierKey& key) { return signature.by(key); });
        if (known == trust_.witnesses.end()) {
            ++unknown;
        } else if (const auto when = log::cosigned_at(bundle_.checkpoint, signature, *known)) {
            checked(Text::witnessed, {known->name(), utc(*when)});
        } else {
            failed(Text::witness_denies, {known->name()});
        }
    }
    if (unknown != 0) unchecked(Text::witnesses_unknown, {std::to_string(unknown)});
}

void Judgement::attachments() {
    for (const auto& attached : bundle_.attachments) attachment(attached);
}

void Judgement::attachment(const Bundle::AttachedFile& attached) {
    const std::string name(attached.file.name);
    const auto judged = judge_(attached.name.kind, attached.file.bytes, attached.of.bytes);
    if (!judged) return unchecked(Text::attachment_unknown, {name});
    if (!judged->good) return failed(Text::attachment_bad, {name, judged->why});
    if (attached.name.kind == bundle::Attached::evidence_record) return record(attached, *judged);
    const bool stamp = attached.name.kind == bundle::Attached::timestamp;
    if (judged->rooted)
        return checked(stamp ? Text::stamp_good : Text::signature_good, {name, judged->who, judged->when});
    unchecked(stamp ? Text::stamp_without_root : Text::signature_without_root,
              {name, judged->who, judged->when});
}

/// It is over the document, and tells which of its signatures it keeps from ageing.
void Judgement::record(const Bundle::AttachedFile& attached, const Judged& judged) {
    const std::string name(attached.file.name);
    const std::vector<std::string> values{name, judged.who, judged.when};
    if (judged.rooted)
        checked(Text::record_good, values);
    else
        unchecked(Text::record_without_root, values);
    for (const auto& other : bundle_.attachments) {
        if (other.name.of != attached.name.of || other.name.kind == bundle::Attached::evidence_record)
            continue;
        const auto covers = judge_(attached.name.kind, attached.file.bytes, other.file.bytes);
        if (covers && covers->good) checked(Text::record_covers, {name, std::string(other.file.name)});
    }
}

void Judgement::declared() {
    const auto metadata = bundle::parse_metadata(bundle_.metadata);
    if (!metadata) return failed(Text::metadata_unreadable, {std::string(bundle::metadata_name)});
    for (const auto& [name, value] : metadata->as_object())
        verdict_.metadata.emplace_back(name, value.as_string());
    if (bundle_.availability.data() && !bundle::parse_availability(bundle_.availability))
        return failed(Text::metadata_unreadable, {std::string(bundle::availability_name)});
    unchecked(Text::declared_only);
    unchecked(Text::dates_are_the_logs);
    unchecked(Text::later_withdrawal);
    unchecked(Text::signatures_inside);
    if (!bundle_.attachments.empty()) unchecked(Text::revocation);
}

Text why(bundle::Refusal refusal) {
    switch (refusal) {
        case bundle::Refusal::not_a_bundle:
            return Text::not_a_bundle;
        case bundle::Refusal::form:
            return Text::bad_form;
        case bundle::Refusal::names:
            return Text::bad_names;
        case bundle::Refusal::manifest:
            return Text::bad_manifest;
        case bundle::Refusal::key:
            return Text::bad_key;
        case bundle::Refusal::signature:
            break;
    }
    return Text::bad_signature;
}

}  // namespace

Verdict verify(std::string_view file, const Trust& trust, const Judge& judge) {
    Verdict verdict;
    const auto bundle = bundle::read(file);
    if (!bundle) {
        verdict.failed.push_back({why(bundle.error()), {}});
        verdict.outcome =
            bundle.error() == bundle::Refusal::not_a_bundle ? Outcome::unreadable : Outcome::refused;
        return verdict;
    }
    verdict.fingerprint = crypto::fingerprint(bundle->key);
    Judgement(*bundle, trust, judge, verdict).all();
    verdict.outcome = !verdict.failed.empty() ? Outcome::refused
                      : trust.knows_a_log()   ? Outcome::authentic
                                              : Outcome::intact;
    return verdict;
}

}  // namespace evidence::verify
