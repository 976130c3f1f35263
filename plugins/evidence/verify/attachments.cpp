#include "plugins/evidence/verify/attachments.hpp"

#include "plugins/evidence/archive/judge.hpp"

#include <concejo/error.hpp>

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>

#include <ctime>
#include <memory>

namespace evidence::verify {
namespace {

using crypto::Owned;
using Cms = Owned<CMS_ContentInfo, CMS_ContentInfo_free>;
using Stamp = Owned<TS_RESP, TS_RESP_free>;
using StampContext = Owned<TS_VERIFY_CTX, TS_VERIFY_CTX_free>;
using Store = Owned<X509_STORE, X509_STORE_free>;
using Roots = std::vector<crypto::Certificate>;

void free_stack(STACK_OF(X509) * list) { sk_X509_free(list); }
using Signers = Owned<STACK_OF(X509), free_stack>;

std::string why_not() {
    std::string text;
    while (const auto code = ERR_get_error()) {
        const char* reason = ERR_reason_error_string(code);
        if (reason && text.empty()) text = reason;
    }
    return text;
}

std::string common_name(const X509* certificate) {
    if (!certificate) return {};
    const auto* subject = X509_get_subject_name(certificate);
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at < 0) return {};
    unsigned char* text = nullptr;
    const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    if (size < 0) return {};
    std::string name(reinterpret_cast<char*>(text), static_cast<std::size_t>(size));
    OPENSSL_free(text);
    return name;
}

Store store_of(const Roots& roots) {
    Store store(X509_STORE_new());
    if (!store) crypto::throw_openssl("X509_STORE");
    for (const auto& root : roots)
        if (X509_STORE_add_cert(store.get(), root.get()) != 1) crypto::throw_openssl("X509_STORE");
    return store;
}

Judged judge_cms(const Roots& roots, std::string_view bytes, std::string_view content) {
    const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
    const Cms cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(bytes.size())));
    const auto* end = reinterpret_cast<const unsigned char*>(bytes.data()) + bytes.size();
    if (!cms || at != end || CMS_is_detached(cms.get()) != 1) return {false, false, {}, {}, "CMS"};
    const auto store = store_of(roots);
    auto* parameters = X509_STORE_get0_param(store.get());
    X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_ANY);
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_NO_CHECK_TIME);
    // Behind a filter, because OpenSSL 3.0's CMS_verify loses its copy of a memory BIO where it fails early.
    const crypto::Bio data(BIO_push(BIO_new(BIO_f_null()), crypto::memory(content).release()));
    if (!data) crypto::throw_openssl("BIO");
    // OpenSSL compares signing-certificate with the chain, so without roots it cannot.
    const unsigned flags = CMS_BINARY | (roots.empty() ? CMS_NO_SIGNER_CERT_VERIFY : CMS_CADES);
    Judged judged;
    judged.good = CMS_verify(cms.get(), nullptr, store.get(), data.get(), nullptr, flags) == 1;
    judged.rooted = judged.good && !roots.empty();
    judged.why = judged.good ? "" : why_not();
    if (const Signers signers{CMS_get0_signers(cms.get())}; signers)
        judged.who = common_name(sk_X509_value(signers.get(), 0));
    return judged;
}

/// The moment of a timestamp, which is whole seconds or finer; empty where it cannot be read.
std::string moment(const TS_RESP& response, std::time_t& seconds) {
    auto* info = TS_RESP_get_tst_info(const_cast<TS_RESP*>(&response));
    std::tm parts{};
    if (!info || ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &parts) != 1) return {};
    seconds = ::timegm(&parts);
    char text[32];
    const auto size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text, size};
}

bool verify_stamp(TS_RESP& response, const Roots& roots, std::time_t when, std::string_view content) {
    const StampContext context(TS_VERIFY_CTX_new());
    if (!context) crypto::throw_openssl("TS");
    int flags = TS_VFY_VERSION | TS_VFY_DATA;
    TS_VERIFY_CTX_set_data(context.get(), crypto::memory(content).release());  // the context frees it
    if (!roots.empty()) {
        flags |= TS_VFY_SIGNATURE;
        auto store = store_of(roots);
        X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store.get()), when);
        TS_VERIFY_CTX_set_store(context.get(), store.release());  // and this
    } else if (PKCS7_verify(TS_RESP_get_token(&response), nullptr, nullptr, nullptr, nullptr,
                            PKCS7_NOVERIFY) != 1) {
        return false;
    }
    TS_VERIFY_CTX_set_flags(context.get(), flags);
    return TS_RESP_verify_response(context.get(), &response) == 1;
}

Judged judge_stamp(const Roots& roots, std::string_view bytes, std::string_view content) {
    const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
    const auto* end = at + bytes.size();
    const Stamp response(d2i_TS_RESP(nullptr, &at, static_cast<long>(bytes.size())));
    if (!response || at != end || !TS_RESP_get_token(response.get()))
        return {false, false, {}, {}, "RFC 3161"};
    std::time_t seconds = 0;
    Judged judged;
    judged.when = moment(*response, seconds);
    judged.good = !judged.when.empty() && verify_stamp(*response, roots, seconds, content);
    judged.rooted = judged.good && !roots.empty();
    judged.why = judged.good ? "" : why_not();
    if (const Signers signers{PKCS7_get0_signers(TS_RESP_get_token(response.get()), nullptr, 0)}; signers)
        judged.who = common_name(sk_X509_value(signers.get(), 0));
    return judged;
}

Judged judge_record(const Roots& roots, std::string_view bytes, std::string_view content) {
    const auto found = archive::judge(bytes, content, roots);
    if (!found.good()) return {false, false, {}, {}, found.problem};
    return {true, found.rooted, found.who, crypto::iso(found.since), {}};
}

}  // namespace

Judge openssl_judge(std::vector<crypto::Certificate> roots) {
    auto shared = std::make_shared<const Roots>(std::move(roots));
    return [shared](bundle::Attached kind, std::string_view bytes,
                    std::string_view content) -> std::optional<Judged> {
        std::optional<Judged> judged;
        if (kind == bundle::Attached::cms) judged = judge_cms(*shared, bytes, content);
        if (kind == bundle::Attached::timestamp) judged = judge_stamp(*shared, bytes, content);
        if (kind == bundle::Attached::evidence_record) judged = judge_record(*shared, bytes, content);
        ERR_clear_error();
        return judged;
    };
}

std::vector<crypto::Certificate> read_certificates(std::string_view pem) {
    std::vector<crypto::Certificate> certificates;
    const auto bio = crypto::memory(pem);
    while (auto* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))
        certificates.emplace_back(certificate);
    // The end of the file is told as "no start line"; anything else is a certificate that is broken.
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) certificates.clear();
    ERR_clear_error();
    return certificates;
}

}  // namespace evidence::verify
