// concejo evidence check|compare: what a stolen database could not hide.
#include "pages.hpp"
#include "rotation.hpp"
#include "witnesses.hpp"

#include "plugins/evidence/bundle/bundle.hpp"
#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/log/leaf.hpp"

#include <fstream>
#include <set>

namespace evidence {
namespace {

constexpr std::uint64_t leaves_at_once = 1000;
constexpr std::size_t most_told = 20;

/// The log computed again from its leaves, and what contradicts it.
class Examination {
public:
    Examination(const Call& call, Transaction& tx) : call_(call), tx_(tx), reader_(tx) {
        if (const auto last = reader_.latest()) last_ = last->checkpoint;
    }

    std::uint64_t size() const { return last_ ? last_->head.size : 0; }
    bool whole = true, signed_well = true;
    std::vector<std::string> defects;

    void leaves(const Terminal&);
    void checkpoints();
    void documents();
    void earlier(const log::SignedCheckpoint&);

private:
    void tell(std::string what) { defects.push_back(std::move(what)); }
    bool begins_with(const log::Checkpoint& head) {
        return head.size <= appender_.size() && tree_->root(head.size) == head.root;
    }
    void document(const concejo::Rows::Row&);
    void not_entered(const std::string& csv) {
        if (defects.size() < most_told)
            tell(fill(call_.tr("El documento {csv} no es el que se anotó."), {{"csv", csv}}));
    }

    const Call& call_;
    Transaction& tx_;
    LogReader reader_;
    std::optional<log::SignedCheckpoint> last_;
    log::MemoryStore fresh_;
    log::Appender appender_{fresh_, 0};
    std::optional<log::Tree> tree_;         ///< of the leaves that there are
    std::set<std::uint64_t> first_leaves_;  ///< those that begin to speak of a document
};

void Examination::leaves(const Terminal& terminal) {
    for (std::uint64_t at = 0; at < size(); at += leaves_at_once) {
        const auto end = std::min(at + leaves_at_once, size());
        const auto rows = tx_.exec(
            "SELECT entrada FROM evidence_hoja WHERE indice >= $1 AND indice < $2 ORDER BY indice", at, end);
        for (const auto& row : rows) {
            const auto index = appender_.append(log::leaf_hash(row.view(0)));
            const auto leaf = log::parse_leaf(row.view(0));
            if (leaf && !leaf->anterior && leaf->huella && leaf->what != log::What::incidencia)
                first_leaves_.insert(index);
        }
        if (rows.size() != end - at) break;
        terminal.progress(end, size());
    }
    tree_.emplace(fresh_, appender_.size());
    if (appender_.size() < size()) tell(call_.tr("Faltan anotaciones."));
    whole = !last_ || begins_with(last_->head);
    if (last_) signed_well = signed_by_the_log(tx_, *office_of(call_, tx_), *last_);
}

void Examination::checkpoints() {
    std::int64_t after = -1;
    for (;;) {
        const auto rows = tx_.exec(
            "SELECT tamano, nota FROM evidence_punto WHERE tamano > $1 AND tamano <= $2 ORDER BY tamano LIMIT 1000",
            after, size());
        if (rows.empty()) return;
        for (const auto& row : rows) {
            after = row.integer(0);
            const auto one = log::SignedCheckpoint::parse(row.view(1));
            if (!one || !begins_with(one->head))
                return tell(fill(call_.tr("Sus primeras {n} anotaciones no son las que firmó entonces."),
                                 {{"n", std::to_string(after)}}));
        }
    }
}

void Examination::document(const concejo::Rows::Row& row) {
    const auto leaf = row.is_null(4) ? std::nullopt : [&]() -> std::optional<log::Leaf> {
        auto read = log::parse_leaf(row.view(4));
        return read ? std::optional(std::move(read).value()) : std::nullopt;
    }();
    bool same = leaf && leaf->documento == row.view(1);
    if (same && !row.is_null(3)) {
        crypto::Digest content{};
        const auto bytes = crypto::unhex(row.view(2)).value_or("");
        std::copy_n(bytes.begin(), std::min(bytes.size(), content.size()), content.begin());
        same = leaf->huella == log::salted(crypto::unhex(row.view(3)).value_or(""), content);
    }
    first_leaves_.erase(static_cast<std::uint64_t>(row.integer(5)));
    if (!same) not_entered(row.text(0));
}

void Examination::documents() {
    std::int64_t after = -1;
    for (;;) {
        const auto rows = tx_.exec(
            "SELECT d.csv, d.documento, d.sha256, encode(d.sal, 'hex'), h.entrada, d.hoja FROM "
            "evidence_documento d LEFT JOIN evidence_hoja h ON h.indice = d.hoja "
            "WHERE d.hoja > $1 AND d.hoja < $2 ORDER BY d.hoja LIMIT 1000",
            after, size());
        if (rows.empty()) break;
        for (const auto& row : rows) document(row);
        after = rows[rows.size() - 1].integer(5);
    }
    // the log may have grown since it was read: one statement sees both as they are now
    for (const auto& row :
         tx_.exec("SELECT csv FROM evidence_documento WHERE hoja >= (SELECT coalesce(max(tamano), 0) FROM "
                  "evidence_punto) ORDER BY hoja LIMIT 20"))
        not_entered(row.text(0));
    for (const auto leaf : first_leaves_)
        if (defects.size() < most_told)
            tell(fill(call_.tr("Falta el documento de la anotación {n}."), {{"n", log::leaf_number(leaf)}}));
}

void Examination::earlier(const log::SignedCheckpoint& kept) {
    const auto theirs = std::to_string(kept.head.size), ours = std::to_string(size());
    if (kept.head.origin != reader_.origin().value_or(""))
        return tell(
            fill(call_.tr("Lo guardado es de otro registro, «{nombre}»."), {{"nombre", kept.head.origin}}));
    if (!signed_by_the_log(tx_, *office_of(call_, tx_), kept))
        return tell(call_.tr("Lo guardado no lo firmó este registro."));
    if (kept.head.size > size())
        return tell(
            fill(call_.tr("El registro ha menguado: lo guardado tiene {suyo} anotaciones y ahora hay {n}."),
                 {{"suyo", theirs}, {"n", ours}}));
    if (!begins_with(kept.head))
        tell(fill(
            call_.tr(
                "El registro se ha bifurcado: sus primeras {suyo} anotaciones no son las de lo guardado."),
            {{"suyo", theirs}}));
}

/// A checkpoint as /evidencia/checkpoint gives it, or the one that a `.evidencia` carries.
std::optional<log::SignedCheckpoint> kept_in(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (!bytes.starts_with("PK")) return log::SignedCheckpoint::parse(bytes);
    const auto bundle = bundle::read(bytes);
    if (!bundle) return std::nullopt;
    auto proof = log::TlogProof::parse(bundle->statements.front().proof);
    return proof ? std::optional(std::move(proof->checkpoint)) : std::nullopt;
}

void examine(const Call& call, const Json& arguments, const Terminal& terminal,
             const std::optional<log::SignedCheckpoint>& kept) {
    auto tx = call.begin();
    Examination log(call, tx);
    log.leaves(terminal);
    log.checkpoints();
    log.documents();
    if (kept) log.earlier(*kept);
    const std::vector<std::string> quarrels = complaints(call, tx);
    const bool good = log.whole && log.signed_well && log.defects.empty();
    Json told = Json::array(), witnesses = Json::array();
    for (const auto& one : log.defects) told.push_back(one);
    for (const auto& one : quarrels) witnesses.push_back(one);
    if (arguments.bool_or("json", false))
        terminal.out(Json::object({{"hojas", static_cast<std::int64_t>(log.size())},
                                   {"raiz_correcta", log.whole},
                                   {"firma_correcta", log.signed_well},
                                   {"fallos", told},
                                   {"testigos", witnesses}})
                         .dump());
    for (const auto* all : {&quarrels, &std::as_const(log.defects)})
        for (const auto& one : *all) terminal.err(one);
    if (!log.whole || !log.signed_well)
        terminal.err(call.tr(
            "El registro de publicación está alterado: sus anotaciones no concuerdan con lo que firmó su último punto de control."));
    if (!good || !quarrels.empty()) terminal.exit_code(1);
    if (arguments.bool_or("json", false) || !good) return;
    const auto n = std::to_string(log.size());
    terminal.out(fill(call.tr("El registro de publicación está íntegro: {n} anotaciones."), {{"n", n}}));
    if (kept)
        terminal.out(fill(call.tr("Continúa lo guardado: sus primeras {suyo} anotaciones son las mismas."),
                          {{"suyo", std::to_string(kept->head.size)}}));
}

void check_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    examine(call, arguments, terminal, std::nullopt);
}

void compare_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const auto kept = kept_in(arguments.string_or("archivo", ""));
    if (!kept) {
        terminal.err(call.tr("Eso no es ni un punto de control ni un archivo .evidencia."));
        return terminal.exit_code(2);
    }
    examine(call, arguments, terminal, kept);
}

}  // namespace

void register_checks(concejo::Kernel& kernel) {
    kernel.command(
        Json::object({{"verb", "check"},
                      {"help", N_("Recalcula todo el registro de publicación y lo compara con lo firmado "
                                  "y con los documentos.")},
                      {"options", Json::array()}}),
        check_command);
    kernel.command(
        Json::object(
            {{"verb", "compare"},
             {"help", N_("Lo mismo que check, y además si el registro continúa el que alguien guardó: "
                         "quien manda en la base de datos no puede borrar, cambiar ni desordenar "
                         "lo que había.")},
             {"options", Json::array()},
             {"files", Json::array({Json::object({{"name", "archivo"},
                                                  {"help", N_("un punto de control (/evidencia/checkpoint) "
                                                              "o un archivo .evidencia")}})})}}),
        compare_command);
}

}  // namespace evidence
