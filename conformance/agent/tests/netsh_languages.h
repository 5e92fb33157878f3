/* netsh in the words of many editions, in the shape of listings that people have published; the sentences are our own.
 * What counts is what differs: alphabets, widths, stops, quotation marks, the code page of the console. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_TESTS_NETSH_LANGUAGES_H
#define RESERVOIR_CONFORMANCE_AGENT_TESTS_NETSH_LANGUAGES_H

/* In UTF-8. `page` is what iconv calls the code page of the edition's console. */
struct netsh_language {
    const char *name, *page;
    const char *title, *first, *last, *foot;      /* of a list of exclusions; %s in the title is the protocol */
    const char *range, *start, *count;            /* of a dynamic range */
    const char *denied, *elevation;               /* what netsh says for two errors */
    const char *system_denied, *system_elevation; /* and what the system says */
};

/* clang-format off */
static const struct netsh_language netsh_languages[] = {
    { "en", "CP437", "Protocol %s Port Exclusion Ranges", "Start Port", "End Port", "* - Administered port exclusions.",
      "Protocol %s Dynamic Port Range", "Start Port      :", "Number of Ports :",
      "Access is denied.", "The requested operation requires elevation (Run as administrator).",
      "Access is denied.", "The requested operation requires elevation." },
    { "de", "CP850", "Ausgeschlossene Ports für %s", "Startport", "Endport", "* - Vom Verwalter ausgeschlossen.",
      "Dynamischer Bereich für %s", "Startport       :", "Anzahl von Ports:",
      "Zugriff verweigert", "Der Vorgang erfordert erhöhte Rechte (Als Administrator ausführen).",
      "Zugriff verweigert", "Der Vorgang erfordert erhöhte Rechte." },
    { "fr", "CP850", "Plages d'exclusion de ports %s", "Port de début", "Port de fin", "* - Exclusions administrées.",
      "Plage de ports dynamique %s", "Port de démarrage   :", "Nombre de ports     :",
      "L'accès est refusé.", "L'opération nécessite une élévation (Exécuter en tant qu'administrateur).",
      "L’accès est refusé.", "L’opération nécessite une élévation." },
    { "es", "CP850", "Intervalos excluidos de %s", "Puerto inicial", "Puerto final", "* - Exclusión administrada.",
      "Intervalo dinámico de %s", "Puerto de inicio   :", "Número de puertos  :",
      "Acceso denegado.", "La operación requiere elevación (Ejecutar como administrador).",
      "Acceso denegado.", "La operación requiere elevación." },
    { "it", "CP850", "Intervalli esclusi per %s", "Porta iniziale", "Porta finale", "* - Esclusione amministrata.",
      "Intervallo dinamico %s", "Porta iniziale   :", "Numero di porte  :",
      "Accesso negato.", "L'operazione richiede diritti più elevati (Esegui come amministratore).",
      "Accesso negato.", "L'operazione richiede diritti più elevati." },
    { "pt", "CP850", "Intervalos excluídos de %s", "Porta inicial", "Porta final", "* - Exclusões administradas.",
      "Intervalo dinâmico de %s", "Porta inicial    :", "Número de portas :",
      "Acesso negado.", "A operação requer elevação (Executar como administrador).",
      "Acesso negado.", "A operação requer elevação." },
    { "ru", "CP866", "Исключённые порты %s", "Начальный порт", "Конечный порт", "* - исключено администратором.",
      "Динамические порты %s", "Начальный порт   :", "Число портов     :",
      "Отказано в доступе.", "Для операции требуется повышение (запуск от имени администратора).",
      "Отказано в доступе.", "Для операции требуется повышение." },
    { "pl", "CP852", "Zakresy wykluczeń %s", "Port początkowy", "Port końcowy", "* - Wykluczenia administratora.",
      "Zakres dynamiczny %s", "Port początkowy  :", "Liczba portów    :",
      "Odmowa dostępu.", "Żądana operacja wymaga podniesienia uprawnień (Uruchom jako administrator).",
      "Odmowa dostępu.", "Żądana operacja wymaga podniesienia uprawnień." },
    { "cs", "CP852", "Vyloučené porty %s", "Počáteční port", "Koncový port", "* - Vyloučeno správcem.",
      "Dynamický rozsah %s", "Počáteční port   :", "Počet portů      :",
      "Přístup byl odepřen.", "Operace vyžaduje zvýšení oprávnění (Spustit jako správce).",
      "Přístup byl odepřen.", "Operace vyžaduje zvýšení oprávnění." },
    { "hu", "CP852", "Kizárt %s portok", "Kezdő port", "Záró port", "* - A rendszergazda zárta ki.",
      "Dinamikus %s portok", "Kezdő port       :", "Portok száma     :",
      "A hozzáférés megtagadva.", "A művelet magasabb szintű jogosultságot igényel (futtatás rendszergazdaként).",
      "A hozzáférés megtagadva.", "A művelet magasabb szintű jogosultságot igényel." },
    { "tr", "CP857", "%s Bağlantı Noktası Dışlama Aralıkları", "Başlangıç", "Bitiş", "* - Yönetilen dışlamalar.",
      "%s Dinamik Aralığı", "Başlangıç İçin   :", "Bağlantı Sayısı  :",
      "Erişim engellendi.", "İstenen işlem yükseltme gerektiriyor (Yönetici olarak çalıştırın).",
      "Erişim engellendi.", "İstenen işlem yükseltme gerektiriyor." },
    { "el", "CP737", "Εξαιρέσεις θυρών %s", "Πρώτη θύρα", "Τελευταία θύρα", "* - Εξαιρέσεις διαχειριστή.",
      "Δυναμική περιοχή %s", "Πρώτη θύρα       :", "Πλήθος θυρών     :",
      "Δεν επιτρέπεται η πρόσβαση.", "Η λειτουργία απαιτεί ανύψωση (Εκτέλεση ως διαχειριστής).",
      "Δεν επιτρέπεται η πρόσβαση.", "Η λειτουργία απαιτεί ανύψωση." },
    { "he", "CP862", "טווחי אי-הכללה של %s", "יציאה ראשונה", "יציאה אחרונה", "* - אי-הכללות מנוהלות.",
      "טווח דינמי של %s", "יציאה ראשונה     :", "מספר יציאות      :",
      "הגישה נדחתה.", "הפעולה דורשת הרשאות (הפעל כמנהל).",
      "הגישה נדחתה.", "הפעולה דורשת הרשאות." },
    { "ar", "CP1256", "نطاقات استبعاد المنافذ %s", "منفذ البدء", "منفذ الانتهاء", "* - استبعادات المسؤول.",
      "النطاق الديناميكي %s", "منفذ البدء       :", "عدد المنافذ      :",
      "تم رفض الوصول.", "تتطلب العملية رفع مستوى (تشغيل كمسؤول).",
      "تم رفض الوصول.", "تتطلب العملية رفع مستوى." },
    { "th", "CP874", "ช่วงพอร์ตที่ยกเว้น %s", "พอร์ตแรก", "พอร์ตสุดท้าย", "* - ผู้ดูแลยกเว้น",
      "ช่วงพอร์ตไดนามิก %s", "พอร์ตแรก         :", "จำนวนพอร์ต       :",
      "การเข้าถึงถูกปฏิเสธ", "การดำเนินการต้องการการยกระดับ (เรียกใช้เป็นผู้ดูแล)",
      "การเข้าถึงถูกปฏิเสธ", "การดำเนินการต้องการการยกระดับ" },
    { "zh-CN", "CP936", "%s 已排除的端口", "起始端口", "结束端口", "* - 由管理员排除。",
      "%s 动态端口", "启动端口        :", "端口数          :",
      "拒绝访问。", "操作需要提升(作为管理员运行)。",
      "拒绝访问。", "操作需要提升。" },
    { "zh-TW", "BIG5", "%s 已排除的連接埠", "開始連接埠", "結束連接埠", "* - 由管理員排除。",
      "%s 動態連接埠", "開始連接埠      :", "連接埠數目      :",
      "存取被拒。", "作業需要提升的權限(以系統管理員身分執行)。",
      "存取被拒。", "作業需要提升的權限。" },
    { "ja", "CP932", "%s の除外ポート", "開始ポート", "終了ポート", "* - 管理者による除外。",
      "%s の動的ポート", "開始ポート      :", "ポート数        :",
      "アクセスが拒否されました。", "操作には昇格が必要です(管理者として実行)。",
      "アクセスが拒否されました。", "操作には昇格が必要です。" },
    { "ko", "CP949", "%s 제외된 포트", "시작 포트", "끝 포트", "* - 관리자가 제외함.",
      "%s 동적 포트", "시작 포트       :", "포트 수         :",
      "액세스가 거부되었습니다.", "작업을 하려면 권한 상승이 필요합니다(관리자 권한으로 실행).",
      "액세스가 거부되었습니다.", "작업을 하려면 권한 상승이 필요합니다." },
};
/* clang-format on */
enum { NETSH_LANGUAGES = sizeof netsh_languages / sizeof netsh_languages[0] };

#endif
