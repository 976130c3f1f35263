// Availability control: what is exposed, who saw it and when. Samples that follow each other and found the
// same are one row; what is new in a sample (the first one, another result, the end of a silence) is a leaf of
// the publication log too.
#pragma once

#include "documents.hpp"
#include "publication_log.hpp"

#include <concejo/call.hpp>

namespace evidence {

struct Exposicion {
    Csv csv;
    std::string documento, sha256, titulo;
    std::uint64_t bytes = 0, hoja = 0;
    std::string ruta;                          ///< of the file, without language
    std::optional<std::int64_t> desde, hasta;  ///< Unix seconds
};

/// The table of what is exposed.
class Exposures {
public:
    explicit Exposures(concejo::Transaction& tx) : tx_(tx) {}

    void announce(const Csv&, std::string_view ruta, std::optional<std::int64_t> hasta);
    void begin(const Csv&, std::int64_t when);
    void end(const Csv&, std::int64_t when);

    std::optional<Exposicion> find(const Csv&);
    std::vector<Exposicion> current(std::int64_t now);
    /// Newest first, those that begin later left out.
    std::vector<Exposicion> page(int first, int most);

private:
    std::vector<Exposicion> read(std::string_view which, const std::vector<concejo::Param>&);
    concejo::Transaction& tx_;
};

/// For a job `mirar`, and for witnesses: {"csv","url","sha256","bytes"}.
concejo::Json to_look_at(const concejo::Call&, const Exposicion&);

struct Muestra {
    Csv csv;
    log::Seen resultado;
};

/// One look at what a sede exposes.
struct Ronda {
    std::string sede;     ///< name of the log of what was looked at
    std::string testigo;  ///< name of the log of who looked
    std::int64_t fecha = 0;
    std::int64_t cadencia = 0;  ///< seconds until the next look
    std::vector<Muestra> muestras;

    std::string text() const;  ///< of a signed note: canonical JSON and a line feed
    /// Nothing for what text() does not write.
    static std::optional<Ronda> parse(std::string_view text);
};
/// The time of the last round; until the transaction ends, that witness tells no other.
std::int64_t last_round(concejo::Transaction&, const std::string& sede, const std::string& testigo);
inline constexpr std::int64_t shortest_cadence = 60, longest_cadence = 3600;
inline constexpr std::size_t most_samples = 2000;

/// Of our own sede: keeps the samples of what is exposed and tells the log what is new in them, in the
/// caller's transaction. `note` is the round as its witness signed it. Samples that are no later than the
/// witness's last one of the document are passed over.
void record(const concejo::Call&, concejo::Transaction&, const Ronda&, const std::string& note);

/// A time in which nobody saw the document.
struct Interrupcion {
    std::int64_t desde = 0, hasta = 0;
    std::optional<log::Seen> visto;  ///< what was found instead; nothing: nobody looked
};
struct Testigo {
    std::string nombre;
    std::int64_t primera_visible = 0;  ///< 0: never
    std::int64_t muestras = 0, visibles = 0, distintas = 0;
};
/// What is known of an exposure: every time is of a sample, nothing is interpolated but that two samples of
/// one witness in a row mean that the document was there between them.
struct Constancia {
    Exposicion exposicion;
    std::string sede;                   ///< name of our own log
    std::int64_t desde = 0, hasta = 0;  ///< hasta: its end, or the moment that was asked for
    bool terminada = false;
    std::optional<std::int64_t> primera, ultima;  ///< visible samples
    std::vector<Testigo> testigos;
    std::vector<Interrupcion> interrupciones;  ///< longer than two looks and a half
    std::vector<std::string> registros;        ///< codes of the sealed records of its days
    std::vector<std::string> notas;            ///< of other witnesses, as they signed them

    std::int64_t muestras() const;
    std::int64_t interrumpida() const;  ///< seconds
    concejo::Json json() const;         ///< `disponibilidad.json` of a bundle
};
/// Nothing where it is not exposed, or not yet.
std::optional<Constancia> availability_of(const concejo::Call&, concejo::Transaction&, const Csv&,
                                          std::int64_t now);

/// Seconds between two looks of our own.
std::int64_t cadence_of(const concejo::Call&);

}  // namespace evidence
