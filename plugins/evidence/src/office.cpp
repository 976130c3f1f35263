#include "office.hpp"

#include "sdk.hpp"

#include "plugins/evidence/crypto/digest.hpp"
#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/keys/development_pki.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>

namespace evidence {
namespace {

using Pems = std::map<std::string, std::string>;  ///< by file name

crypto::Key private_key(std::string_view pem) {
    const crypto::Owned<BIO, BIO_free_all> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    crypto::Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
    crypto::clear_errors();
    return key;
}

crypto::Key log_key_of(std::string_view pem) {
    auto key = private_key(pem);
    if (!key || EVP_PKEY_base_id(key.get()) != EVP_PKEY_ED25519)
        throw Error(ErrorKind::invalid, N_("modulos.evidence.registro.clave no es una clave Ed25519 en PEM: "
                                           "haga una con «openssl genpkey -algorithm ed25519»"));
    return key;
}

keys::SigningKey seal_of(const Json& settings) {
    const std::string certificates = settings.string_or("certificados", ""),
                      password = settings.string_or("contrasena", "");
    if (const Json* token = settings.find("token"))
        return keys::from_pkcs11({token->string_or("modulo", ""), token->string_or("direccion", ""),
                                  token->string_or("pin", ""), certificates});
    const std::string key = settings.string_or("clave", "");
    if (key.starts_with("-----BEGIN ")) return keys::from_pem(key, certificates, password);
    const auto file = crypto::unbase64(key);
    if (!file)
        throw Error(ErrorKind::invalid,
                    N_("modulos.evidence.sello.clave no es ni un PEM ni un PKCS#12 en base64"));
    return keys::from_pkcs12(*file, password);
}

bool configured(const Json& settings) {
    const auto& seal = settings["sello"];
    return (seal.find("clave") || seal.find("token")) && settings["registro"].find("clave");
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A hierarchy made in a folder of its own that goes at once; and a key for the log.
Pems make_development(const std::string& entity) {
    std::string name = (std::filesystem::temp_directory_path() / "concejo-pki-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw Error(ErrorKind::internal, "no se puede crear una carpeta temporal");
    const std::filesystem::path folder(name);
    Pems all;
    try {
        keys::make_development_pki(
            folder / "pki",
            {.entity = entity.substr(0, 50), .ocsp_address = {}, .crl_address = {}, .root_crl_address = {}});
        for (const char* file : {"raiz.pem", "raiz.crl", "ca.pem", "ca.crl", "cadena.pem", "sello.pem",
                                 "sello.key", "tsa.pem", "tsa.key"})
            all[file] = read_file(folder / "pki" / file);
    } catch (...) {
        std::filesystem::remove_all(folder);
        throw;
    }
    std::filesystem::remove_all(folder);
    const auto key = crypto::generate_ed25519();
    const crypto::Owned<BIO, BIO_free_all> out(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    all["registro.key"] = std::string(text, static_cast<std::size_t>(size));
    return all;
}

Pems development_of(const Call& call, Transaction& tx) {
    Pems all;
    for (const auto& row : tx.exec("SELECT nombre, pem FROM evidence_desarrollo"))
        all[row.text(0)] = row.text(1);
    if (!all.empty()) return all;
    tx.exec("LOCK TABLE evidence_desarrollo IN EXCLUSIVE MODE");  // two that begin together make one
    for (const auto& row : tx.exec("SELECT nombre, pem FROM evidence_desarrollo"))
        all[row.text(0)] = row.text(1);
    if (!all.empty()) return all;
    all = make_development(call.municipality().string_or("name", "Ayuntamiento"));
    const std::string series = tx.exec("SELECT gen_random_uuid()")[0].text(0);
    for (const auto& [name, pem] : all)
        tx.exec("INSERT INTO evidence_desarrollo (nombre, pem, serie) VALUES ($1, $2, $3)", name, pem,
                series);
    call.log(CONCEJO_DEBUG,
             "evidence: sin claves configuradas; se usan unas de desarrollo, que no valen fuera de él");
    return all;
}

std::shared_ptr<const Office> open_development(const Json& settings, const Pems& pems) {
    auto office = std::make_shared<Office>(
        [key = pems.at("sello.key"), all = pems.at("sello.pem") + pems.at("cadena.pem")] {
            return keys::from_pem(key, all);
        });
    office->policy = policy_of(settings);
    office->log_key = log_key_of(pems.at("registro.key"));
    auto authority = crypto::certificates_from_pem(pems.at("tsa.pem"));
    office->own_authority = std::make_unique<timestamp::DevelopmentAuthority>(
        std::move(authority.at(0)), private_key(pems.at("tsa.key")),
        crypto::certificates_from_pem(pems.at("cadena.pem")));
    office->roots = crypto::certificates_from_pem(pems.at("raiz.pem"));
    for (const char* list : {"raiz.crl", "ca.crl"})
        if (const auto found = pems.find(list); found != pems.end())
            office->revocation.crls.push_back(revocation::crl_from_pem(found->second));
    return office;
}

std::shared_ptr<const Office> open_configured(const Json& settings, bool production) {
    auto office = std::make_shared<Office>([seal = settings["sello"], production] {
        auto key = seal_of(seal);
        if (production && key.development())
            throw Error(
                ErrorKind::unavailable,
                N_("El sello electrónico configurado es de desarrollo y en producción no se usa: ponga "
                   "en modulos.evidence.sello el del municipio."));
        return key;
    });
    office->log_key = log_key_of(settings["registro"].string_or("clave", ""));
    office->policy = policy_of(settings);
    return office;
}

/// What was read, by what it was read from: keys cost milliseconds to open.
class Opened {
public:
    template <class Open>
    std::shared_ptr<const Office> get(const std::string& town, const std::string& from, Open open) {
        const std::lock_guard lock(mutex_);
        auto& [known, office] = offices_[town];
        if (!office || known != from) {
            office = open();
            known = from;
        }
        return office;
    }

private:
    std::mutex mutex_;
    std::map<std::string, std::pair<std::string, std::shared_ptr<const Office>>> offices_;
};

Opened& opened() {
    static Opened offices;
    return offices;
}

std::string fingerprint_of(std::string_view text) { return crypto::hex(crypto::view(crypto::sha256(text))); }

}  // namespace

std::shared_ptr<const keys::SigningKey> SealKey::get() const {
    const std::lock_guard one_opens(opening_);
    return open_once();
}

std::shared_ptr<const keys::SigningKey> SealKey::get_or_none() const {
    {
        const std::lock_guard lock(mutex_);
        if (key_) return key_;
        if (failed_ && std::chrono::steady_clock::now() - *failed_ < std::chrono::seconds(30)) return nullptr;
    }
    const std::unique_lock one_opens(opening_, std::try_to_lock);
    if (!one_opens) return nullptr;
    try {
        return open_once();
    } catch (const Error&) {
        return nullptr;
    }
}

std::shared_ptr<const keys::SigningKey> SealKey::open_once() const {
    {
        const std::lock_guard lock(mutex_);
        if (key_) return key_;
        failed_ = std::chrono::steady_clock::now();  // until it has opened
    }
    auto key = std::make_shared<const keys::SigningKey>(open_());
    const std::lock_guard lock(mutex_);
    failed_.reset();
    return key_ = std::move(key);
}

std::string SealKey::sign(std::string_view bytes) const {
    const auto key = get();
    try {
        return key->sign(bytes);
    } catch (const Error&) {  // its session may be over: whoever comes next opens another one
        const std::lock_guard lock(mutex_);
        if (key_ == key) key_.reset();
        throw;
    }
}

bool Office::development() const {
    const auto key = seal.get_or_none();
    return key && key->development();
}

crypto::Ed25519Signer Office::log_signer() const {
    return [key = log_key.get()](std::string_view message) { return crypto::sign_ed25519(*key, message); };
}

std::optional<signature::Policy> policy_of(const Json& settings) {
    return settings["sello"].string_or("politica", "age") == "age" ? std::optional(signature::age_policy())
                                                                   : std::nullopt;
}

std::shared_ptr<const Office> office_of(const Call& call, Transaction& tx) {
    const Json town = call.municipality(), settings = call.settings();
    const bool production = town.string_or("mode", "") == "produccion";
    const std::string slug = town.string_or("slug", "");
    if (configured(settings))
        return opened().get(slug, fingerprint_of(settings.dump()),
                            [&] { return open_configured(settings, production); });
    if (production)
        throw Error(ErrorKind::unavailable,
                    N_("El sello electrónico no está configurado: faltan modulos.evidence.sello o "
                       "modulos.evidence.registro en el archivo del municipio."));
    const auto pems = development_of(call, tx);
    return opened().get(slug, fingerprint_of(pems.at("registro.key") + settings["sello"].dump()),
                        [&] { return open_development(settings, pems); });
}

log::VerifierKey verifier_of(const std::string& origin, const Office& office) {
    return {origin, log::SignatureType::ed25519, office.log_public()};
}

}  // namespace evidence
