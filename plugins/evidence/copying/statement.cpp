#include "plugins/evidence/copying/statement.hpp"

#include "plugins/evidence/copying/poppler.hpp"
#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/log/jcs.hpp"
#include "plugins/evidence/log/tree.hpp"
#include "plugins/evidence/pdf/qpdf.hpp"

#include <concejo/error.hpp>

#include <openssl/hmac.h>

namespace evidence::copying {
namespace {

using concejo::Json;

crypto::Digest leaf_of(std::string_view salt, const crypto::Digest& page) {
    return log::leaf_hash(std::string(salt) + std::string(crypto::view(page)));
}

Json areas_of(const Page& page) {
    Json all = Json::array();
    for (const auto& one : page.areas) all.push_back(Json::array({one.x, one.y, one.width, one.height}));
    return all;
}

Json path_of(const log::Proof& proof) {
    Json all = Json::array();
    for (const auto& one : proof) all.push_back(crypto::hex(crypto::view(one)));
    return all;
}

std::shared_ptr<QPDF> opened(std::string_view pdf) {
    auto file = QPDF::create();
    file->setSuppressWarnings(true);
    file->processMemoryFile("copia", pdf.data(), pdf.size());
    return file;
}

}  // namespace

std::string page_salt(std::string_view secret, int page) {
    const auto message = "pagina " + std::to_string(page);
    unsigned char out[32];
    unsigned size = sizeof out;
    if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
              reinterpret_cast<const unsigned char*>(message.data()), message.size(), out, &size))
        crypto::throw_openssl("HMAC");
    return {reinterpret_cast<const char*>(out), size};
}

std::string make_statement(const About& about, const std::vector<crypto::Digest>& digests,
                           std::string_view secret, const std::vector<Page>& kept) {
    log::MemoryStore store;
    log::Appender appender(store, 0);
    for (std::size_t n = 0; n < digests.size(); ++n)
        appender.append(leaf_of(page_salt(secret, static_cast<int>(n) + 1), digests[n]));
    log::Tree tree(store, digests.size());
    Json whole = Json::array(), cut = Json::array();
    for (const auto& one : kept) {
        const auto index = static_cast<std::size_t>(one.original) - 1;
        if (one.areas.empty())
            whole.push_back(Json::object({{"pagina", one.original},
                                          {"copia", one.copy},
                                          {"huella", crypto::hex(crypto::view(digests.at(index)))},
                                          {"sal", crypto::hex(page_salt(secret, one.original))},
                                          {"camino", path_of(tree.inclusion(index, digests.size()))}}));
        else
            cut.push_back(Json::object({{"pagina", one.original},
                                        {"copia", one.copy},
                                        {"areas", areas_of(one)},
                                        {"resto", one.rest}}));
    }
    return log::canonical(Json::object({{"v", 1},
                                        {"tipo", "extracto"},
                                        {"municipio", about.municipio},
                                        {"original", about.hoja},
                                        {"metodo", digest_command},
                                        {"programa", Poppler::version()},
                                        {"paginas", static_cast<std::int64_t>(digests.size())},
                                        {"raiz", crypto::hex(crypto::view(appender.root()))},
                                        {"enteras", whole},
                                        {"recortadas", cut}}));
}

std::optional<std::string> statement_of(std::string_view copy) {
    const auto file = opened(copy);
    const auto found = QPDFEmbeddedFileDocumentHelper(*file).getEmbeddedFile(statement_name);
    if (!found) return std::nullopt;
    auto stream = found->getEmbeddedFileStream();
    if (!stream.isStream()) return std::nullopt;
    const auto bytes = stream.getStreamData(qpdf_dl_generalized);
    return std::string(reinterpret_cast<const char*>(bytes->getBuffer()), bytes->getSize());
}

std::string with_statement(std::string_view copy, const std::string& statement) {
    const auto file = opened(copy);
    auto stream = QPDFEFStreamObjectHelper::createEFStream(*file, statement);
    stream.setSubtype("application/json");
    auto spec = QPDFFileSpecObjectHelper::createFileSpec(*file, statement_name, stream);
    QPDFEmbeddedFileDocumentHelper(*file).replaceEmbeddedFile(statement_name, spec);
    QPDFWriter writer(*file);
    writer.setOutputMemory();
    writer.setDeterministicID(true);
    writer.write();
    const auto buffer = writer.getBufferSharedPointer();
    return {reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize()};
}

namespace {

/// What is checked, one member for each kind of page.
class Checker {
public:
    Checker(std::string_view copy, std::optional<std::string_view> original) : copy_(opened(copy)) {
        pages_ = pdf::pages_of(*copy_);
        if (original) {
            poppler_.emplace(*original);
            count_ = pdf::pages_of(*opened(*original)).size();
        }
    }

    Json judge(const Json& said) {
        size_ = static_cast<std::uint64_t>(said.int_or("paginas", 0));
        const auto root = digest(said.string_or("raiz", ""));
        if (!root) fail("La declaración no tiene raíz");
        if (poppler_ && count_ != size_)
            fail("El original tiene " + std::to_string(count_) + " páginas, y la declaración dice " +
                 std::to_string(size_));
        for (const auto& one : said["enteras"].as_array())
            page_of(one, [&] { whole(one, root.value_or(crypto::Digest{})); });
        for (const auto& one : said["recortadas"].as_array()) page_of(one, [&] { cut(one); });
        if (said["enteras"].as_array().size() + said["recortadas"].as_array().size() != pages_.size())
            fail("La copia tiene " + std::to_string(pages_.size()) +
                 " páginas, y la declaración habla de otras");
        return report();
    }
    void fail(std::string text) { failed_.push_back(std::move(text)); }
    Json report() const {
        return Json::object({{"veredicto", !failed_.as_array().empty() ? "no-concuerda"
                                           : poppler_                  ? "concuerda"
                                                                       : "sin-original"},
                             {"comprobado", checked_},
                             {"fallos", failed_}});
    }

private:
    /// A page that the original lacks cannot be drawn: that is an answer.
    template <class Judge>
    void page_of(const Json& one, const Judge& judge) {
        try {
            judge();
        } catch (const concejo::Error& error) {
            if (error.kind() != concejo::ErrorKind::invalid) throw;
            fail("Página " + std::to_string(one.int_or("pagina", 0)) + ": " + error.what());
        }
    }
    static std::optional<crypto::Digest> digest(const std::string& hex) {
        const auto bytes = crypto::unhex(hex);
        crypto::Digest out{};
        if (!bytes || bytes->size() != out.size()) return std::nullopt;
        std::copy(bytes->begin(), bytes->end(), out.begin());
        return out;
    }
    void whole(const Json& one, const crypto::Digest& root) {
        const auto page = one.int_or("pagina", 0);
        const auto name = "Página " + std::to_string(page);
        const auto said = digest(one.string_or("huella", ""));
        const auto salt = crypto::unhex(one.string_or("sal", ""));
        log::Proof path;
        for (const auto& step : one["camino"].as_array())
            if (const auto hash = digest(step.as_string())) path.push_back(*hash);
        if (!said || !salt || page < 1 ||
            !log::verify_inclusion(static_cast<std::uint64_t>(page) - 1, size_, leaf_of(*salt, *said), path,
                                   root))
            return fail(name + ": no lleva a la raíz de la declaración");
        checked_.push_back(name + ": está en la raíz de la declaración");
        if (!poppler_) return;
        if (crypto::sha256(poppler_->picture(static_cast<int>(page), digest_dpi)) != *said)
            return fail(name + ": la del original se dibuja de otra manera");
        checked_.push_back(name + ": es la del original");
    }
    void cut(const Json& one) {
        const auto page = one.int_or("pagina", 0);
        const auto at = static_cast<std::size_t>(one.int_or("copia", 0));
        const auto name = "Página " + std::to_string(page);
        const auto rest = digest(one.string_or("resto", ""));
        const auto shown = at >= 1 && at <= pages_.size() ? Picture::of_page(pages_[at - 1]) : std::nullopt;
        if (!rest || !shown || shown->digest() != *rest)
            return fail(name + ": la imagen de la copia no es la de la declaración");
        checked_.push_back(name + ": la imagen de la copia es la de la declaración");
        if (!poppler_) return;
        auto picture = Picture::parse(poppler_->picture(static_cast<int>(page), copy_dpi));
        if (!picture) return fail(name + ": la del original no se puede dibujar");
        for (const auto& area : one["areas"].as_array()) {
            const auto& sides = area.as_array();
            if (sides.size() == 4)
                picture->blank({sides[0].as_int(), sides[1].as_int(), sides[2].as_int(), sides[3].as_int()},
                               copy_dpi);
        }
        if (picture->digest() != *rest)
            return fail(name + ": fuera de lo que se quitó, no es la del original");
        checked_.push_back(name + ": fuera de lo que se quitó, es la del original, punto por punto");
    }

    std::shared_ptr<QPDF> copy_;
    std::vector<QPDFObjectHandle> pages_;
    std::optional<Poppler> poppler_;
    std::size_t count_ = 0;
    std::uint64_t size_ = 0;
    Json checked_ = Json::array(), failed_ = Json::array();
};

}  // namespace

Json check_statement(std::string_view copy, std::optional<std::string_view> original) {
    const auto text = statement_of(copy);
    const auto said = text ? log::parse_canonical(*text) : std::nullopt;
    Checker checker(copy, original);
    if (!said || said->string_or("tipo", "") != "extracto" || said->int_or("v", 0) != 1 ||
        !said->find("enteras") || !said->find("recortadas")) {
        checker.fail("La copia no lleva ninguna declaración de extracto que se pueda leer");
        return checker.report();
    }
    return checker.judge(*said);
}

}  // namespace evidence::copying
