// Announcements in the municipality's schema. Everything runs in the transaction it is given.
#pragma once

#include "consulta.hpp"

#include <concejo/db.hpp>

namespace sede {

/// A checked upload that no announcement holds yet (or that several hold).
struct Subida {
    Archivo archivo;
    std::string texto;
};

struct Transicion {
    Instante cuando;
    std::string accion, quien, nombre;
};

struct Pagina {
    std::vector<Anuncio> anuncios;
    std::optional<Cursor> anterior, siguiente;
};

struct Recuento {
    std::string valor;
    std::int64_t cuantos;
};

/// A line of the site map.
struct Direccion {
    std::string slug, desde, titulo, idioma;  ///< desde: AAAA-MM-DD
};

/// Where an uploaded file was already published.
struct Repetido {
    AnuncioId id;
    std::string numero, titulo, slug;
};

class AnuncioRepository {
public:
    explicit AnuncioRepository(concejo::Transaction& tx) : tx_(tx) {}

    void insert(const Anuncio&, const Quien&);
    /// Only drafts, and only the version that was read: false where somebody else saved in between.
    bool update(const Anuncio&, const Quien&);
    void discard(const AnuncioId&);
    /// Sets number, window and state; the row must be a draft. Gives the number.
    Numero publish(const AnuncioId&, int ejercicio, const Ventana&, Instante now, const Quien&);
    void withdraw(const AnuncioId&, const Retirada&, const Quien&);
    void note(const AnuncioId&, std::string_view accion, Instante now, const Quien&,
              const concejo::Json& detalle = concejo::Json::object());

    void sealed(const AnuncioId&, std::size_t orden, std::string_view csv);

    std::optional<Anuncio> find(const AnuncioId&);
    std::optional<Anuncio> find(const Numero&);
    /// By "2026-0043", "2026/43" or the id.
    std::optional<Anuncio> find_by_slug(std::string_view);
    std::optional<Anuncio> find_by_reference(std::string_view referencia);
    /// The announcements that correct this one, oldest first; only those that citizens may see at `now`.
    std::vector<Anuncio> corrections_of(const AnuncioId&, Instante now);
    std::vector<Transicion> history(const AnuncioId&);

    Pagina page(const Filtro&);
    std::int64_t count(const Filtro&);
    /// Of all announcements, then of those in each Situacion named: in one statement.
    std::vector<std::int64_t> counts(const std::vector<std::string>& situaciones);
    /// `column`: "tipo" or "organo"; most frequent first.
    std::vector<Recuento> count_by(std::string_view column, const Filtro&);
    /// Fragments of the texts of these announcements where the words stand, between \x02 and \x03.
    std::vector<std::pair<std::string, std::string>> highlights(const std::vector<Anuncio>&,
                                                                std::string_view words);
    /// Everything that citizens may see, newest first; `limit` 0: all of it.
    std::vector<Direccion> addresses(std::int64_t limit);
    /// The next instant at which an exposure begins or ends.
    std::optional<Instante> next_change();

    void keep_upload(const Subida&, const Quien&);
    std::optional<Subida> find_upload(const Sha256&);
    std::vector<Repetido> published_with(const Sha256&, const std::optional<AnuncioId>& except);

private:
    std::vector<Anuncio> read(std::string_view tail, const std::vector<concejo::Param>& params);
    void add_files(std::vector<Anuncio>&);
    void save_files(const Anuncio&);
    std::string text_of(const Anuncio&);
    concejo::Transaction& tx_;
};

}  // namespace sede
