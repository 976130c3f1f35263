// Each group of pages registers its own routes.
#pragma once

#include "sdk.hpp"

namespace evidence {

void register_service(concejo::Kernel&);  ///< evidence:1
void register_verify(concejo::Kernel&);   ///< verification by code, by QR and by file; documents and bundles
void register_seals(concejo::Kernel&);    ///< the list of the seals in use
void register_log(concejo::Kernel&);  ///< the publication log over HTTP, for machines (c2sp.org/tlog-tiles)
void register_dating(concejo::Kernel&);     ///< jobs that ask for timestamps
void register_material(concejo::Kernel&);   ///< jobs that gather what level B-LT needs
void register_archiving(concejo::Kernel&);  ///< the nightly job that renews the archive's timestamps
void register_keeping(concejo::Kernel&);    ///< concejo evidence renew|erase
void register_witness(concejo::Kernel&);    ///< as a witness of other municipalities' logs
void register_witnesses(concejo::Kernel&);  ///< the jobs that ask this log's witnesses
void register_watch(concejo::Kernel&);      ///< availability control: jobs that look, and witnesses over HTTP
void register_availability(concejo::Kernel&);   ///< what was seen, for the staff, and its certificates
void register_copies(concejo::Kernel&);         ///< authentic copies: staff pages, and who may issue them
void register_copy_commands(concejo::Kernel&);  ///< concejo evidence copy|copy-paper
void register_expediente(concejo::Kernel&);     ///< concejo evidence expediente
void register_import(concejo::Kernel&);         ///< concejo evidence import
void register_commands(concejo::Kernel&);       ///< concejo evidence bundle|pki|key|validate
void register_checks(concejo::Kernel&);         ///< concejo evidence check|compare

}  // namespace evidence
