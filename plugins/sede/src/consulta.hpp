// Lists of announcements: what is asked, and the SQL condition and parameters it becomes.
#pragma once

#include "anuncio.hpp"

namespace sede {

/// Which announcements a list shows.
enum class Ambito {
    vigente,  ///< exposed now
    archivo,  ///< exposure over, or withdrawn after it had begun
    publico,  ///< both
    gestion   ///< all, for staff
};

/// A place in a list: microseconds since 1970 of the ordering column, and the announcement's serie.
struct Cursor {
    std::int64_t micros, serie;
    static std::optional<Cursor> parse(std::string_view text);
    std::string text() const;
};

struct Filtro {
    Ambito ambito = Ambito::vigente;
    std::string tipo, organo, texto;
    std::string situacion;              ///< gestion: name of a Situacion, or "" for all
    std::optional<Fecha> desde, hasta;  ///< exposures that share a day with this range
    std::optional<Cursor> despues, antes;
    int limite = 20;

    bool empty() const {
        return tipo.empty() && organo.empty() && texto.empty() && situacion.empty() && !desde && !hasta;
    }
};

/// `where` (with $1 …), `order` (with its keyword) and the parameters as text. Every value is a parameter.
struct Consulta {
    std::string where, order;
    std::vector<std::string> parametros;
    bool reversed = false;  ///< rows come last first, because the page before a cursor was asked for
    int texto = 0;          ///< number of the parameter with the words searched for, 0: none
};

/// The condition of one Situacion, by its name.
std::string situation(std::string_view wanted);
/// The column that orders the list: visible_desde, or modificado_en for staff.
const char* order_column(Ambito);
/// The rows of one page; asks for one row more than `limite`, to know whether there is another page.
Consulta page_query(const Filtro&);
/// Every row of the list, whatever the page: for counts.
Consulta count_query(const Filtro&);

}  // namespace sede
